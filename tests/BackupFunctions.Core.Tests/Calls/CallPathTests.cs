using System.Text;
using BackupFunctions.Calls;
using BackupFunctions.Connections;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;

namespace BackupFunctions.Core.Tests.Calls;

public sealed class CallPathTests
{
    private const string Route = "/api/Call/backupnet/default/";

    /// <summary>What a generated target is put together from: what is usual, and what leads astray.</summary>
    private static readonly string[] Pieces =
    [
        "a",
        "v1",
        "customers",
        "/",
        "/",
        "/",
        ".",
        "..",
        "%2e",
        "%2E",
        "%2f",
        "%5c",
        "%252e",
        "%252f",
        "%25",
        "%",
        "\\",
        "//",
        "@",
        ":",
        "http:",
        "https://evil.example",
        "evil.example",
        "?",
        "&",
        "=",
        "#",
        "code=",
        "%00",
        "%0d%0a",
        " ",
        "\t",
        "\r\n",
        "\u00e9",
        "%c0%af",
        "%c0%ae",
        "%ef%bc%8f",
        "*",
        "'",
        "\"",
        "<",
        "[",
        "]",
        "|",
        ";x=1",
        "~",
        "%7e",
        "..;",
        "%3f",
        "%23",
        "\0",
        "x.y",
        "...",
        "%2e%2e%2f",
    ];

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

    [Fact]
    public void No_generated_target_leaves_the_connections_api()
    {
        var random = new SeededRandom(20261128);
        var api = new Uri("https://api.backup.net/base");
        var connection = Connection(api);
        var accepted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder(Route);
            for (var pieces = (int)(random.NextDouble() * 9); pieces >= 0; pieces--)
                text.Append(Pieces[(int)(random.NextDouble() * Pieces.Length)]);
            if (CallPath.Read(text.ToString(), "backupnet", "default", out _) is not { } path)
                continue;

            accepted++;
            var url = new CallTarget(connection, api, path).Url;
            var resolved = new Uri(Uri.UnescapeDataString(Uri.UnescapeDataString(url.AbsolutePath)), UriKind.Relative);
            Assert.Equal("https://api.backup.net", url.GetLeftPart(UriPartial.Authority));
            Assert.StartsWith("/base", url.AbsolutePath, StringComparison.Ordinal);
            var reached = new Uri(api, resolved).AbsolutePath;
            Assert.True(reached.StartsWith("/base", StringComparison.Ordinal), $"{text} leads to {reached}");
            Assert.DoesNotContain(url.Query.TrimStart('?').Split('&'), pair =>
                pair.StartsWith("code=", StringComparison.OrdinalIgnoreCase)
            );
            Assert.All(url.OriginalString, character => Assert.InRange(character, '!', '~'));
        }

        Assert.InRange(accepted, 1_000, 15_000);
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

    private static Connection Connection(Uri api) =>
        new()
        {
            Vendor = VendorProfiles.BackupNet,
            Key = new ConnectionKey("backupnet", "default"),
            Server = new Uri("https://login.backup.net"),
            BaseUrl = api,
            Credential = new("backupnet-default-client-secret"),
            TokenSecretName = "backupnet-default-access-token",
        };
}
