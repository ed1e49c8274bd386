using BackupFunctions.Calls;
using BackupFunctions.Connections;

namespace BackupFunctions.Core.Tests.Calls;

public sealed class CallPathTests
{
    private const string Route = "/api/Call/backupnet/default/";

    [Theory]
    [InlineData("", "", "")]
    [InlineData("v1/customers", "v1/customers", "")]
    [InlineData("v1/customers/", "v1/customers/", "")]
    [InlineData("v1/a%20b;c=d/e@f:g?x=%2F..&y=[1]", "v1/a%20b;c=d/e@f:g", "?x=%2F..&y=[1]")]
    [InlineData("100%25", "100%25", "")]
    [InlineData("%C3%A9", "%C3%A9", "")]
    [InlineData("x?code=key", "x", "")]
    [InlineData("x?a=1&CODE=key&b=2&co%64e=key&c", "x", "?a=1&b=2&c")]
    [InlineData("x?mycode=1", "x", "?mycode=1")]
    [InlineData("x?", "x", "?")]
    public void Path_and_query_stay_as_the_caller_wrote_them(string target, string path, string query)
    {
        var read = CallPath.Read(Route + target, "backupnet", "default", out var problem);

        Assert.Null(problem);
        Assert.Equal(new CallPath(path, query), read);
    }

    [Theory]
    [InlineData("/api/Call/backupnet/other/x")]
    [InlineData("/api/Call/acronis/default/x")]
    [InlineData("/api/GetToken/backupnet/default/x")]
    [InlineData("/api/Call/backupnet")]
    [InlineData("http://evil.example/api/Call/backupnet/default/x")]
    [InlineData("/api/Call/x/../backupnet/default/x")]
    [InlineData("/api/Call/backupnet/%64efault/x")]
    [InlineData("")]
    public void What_was_routed_by_another_path_is_refused(string target)
    {
        Assert.Null(CallPath.Read(target, "backupnet", "default", out var problem));
        Assert.NotNull(problem);
    }

    [Theory]
    [InlineData("GET v1/customers", "GET", "v1/customers", true)]
    [InlineData("get /v1/customers/", "GET", "v1/customers/", true)]
    [InlineData("GET v1/customers", "POST", "v1/customers", false)]
    [InlineData("GET v1/customers", "GET", "v1/customers/7", false)]
    [InlineData("GET v1/customers", "GET", "V1/customers", false)]
    [InlineData("GET v1/*/jobs", "GET", "v1/7/jobs", true)]
    [InlineData("GET v1/*/jobs", "GET", "v1/7/8/jobs", false)]
    [InlineData("* v1/**", "DELETE", "v1/7/8/jobs", true)]
    [InlineData("* v1/**", "DELETE", "v1", true)]
    [InlineData("* v1/**", "DELETE", "v2", false)]
    [InlineData("GET **", "GET", "", true)]
    [InlineData("GET v1/a b", "GET", "v1/a", null)]
    [InlineData("GET v1/customers", "GET", "v1/%63ustomers", true)]
    [InlineData("FETCH v1", "GET", "v1", null)]
    [InlineData("GET", "GET", "v1", null)]
    [InlineData("GET v1/../x", "GET", "v1", null)]
    [InlineData("GET **/x", "GET", "v1", null)]
    [InlineData("GET v1/a*", "GET", "v1", null)]
    [InlineData("GET v1//x", "GET", "v1", null)]
    [InlineData("GET v1?x=1", "GET", "v1", null)]
    public void A_rule_names_methods_and_paths(string rule, string method, string path, bool? expected) =>
        Assert.Equal(expected, CallRule.TryParse(rule)?.Matches(method, path));
}
