using System.Net.Http.Headers;
using System.Text.Json;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>What every route has in common, and what the framework answers by itself.</summary>
public sealed class QueryTests
{
    [Theory]
    [InlineData("GET", "GetToken/acronis?minLifetime=600", "rejected, minimumLifetime, refresh and tenant")]
    [InlineData("POST", "GetToken/acronis?minLifetime=600", "rejected, minimumLifetime, refresh and tenant")]
    [InlineData("POST", "Refresh/acronis?force=true", "It takes none")]
    [InlineData("POST", "Enroll/veeam?otp=1", "It takes none")]
    [InlineData("POST", "Revoke/acronis/default?now=1", "It takes none")]
    [InlineData("GET", "status?vendor=acronis", "Its only parameter is history")]
    [InlineData("GET", "connections?vendors=acronis", "Its only parameter is vendor")]
    [InlineData("POST", "Alerts/Test?to=me", "It takes none")]
    [InlineData("POST", "Check?sign-in=false", "vendor, connection, signIn, probeSave and problemsOnly")]
    [InlineData("POST", "../admin/functions/RefreshAcronis?wait=1", "It takes none")]
    public async Task An_unknown_parameter_is_400_with_the_known_ones(string method, string route, string known)
    {
        await using var host = await RunningHost.StartAsync();

        var (status, detail, _) = await SendAsync(host, method, $"/api/{route}");

        var name = route[(route.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('=')[0];
        Assert.Equal(400, status);
        Assert.StartsWith($"{name} is not a parameter of this request. ", detail, StringComparison.Ordinal);
        Assert.Contains(known, detail, StringComparison.Ordinal);
        Assert.Equal((0, 0), host.Calls());
    }

    [Theory]
    [InlineData("POST", "Check?vendor=acronis&vendor=veeam", "vendor")]
    [InlineData("POST", "Check?vendor=acronis&connection=a&connection=b", "connection")]
    [InlineData("POST", "Check?signIn=false&signIn=true", "signIn")]
    [InlineData("POST", "Check?probeSave=false&probeSave=true", "probeSave")]
    [InlineData("GET", "connections?vendor=acronis&vendor=veeam", "vendor")]
    [InlineData("GET", "GetToken/acronis?refresh=true&refresh=false", "refresh")]
    public async Task A_parameter_that_is_given_twice_is_400(string method, string route, string name)
    {
        await using var host = await RunningHost.StartAsync();

        var (status, detail, _) = await SendAsync(host, method, $"/api/{route}");

        Assert.Equal((400, $"{name} may be given only once."), (status, detail));
        Assert.Equal((0, 0), host.Calls());
    }

    [Theory]
    [InlineData("GET", "/api/nowhere", 404)]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("DELETE", "/api/GetToken/acronis", 405)]
    [InlineData("GET", "/api/Check", 405)]
    [InlineData("GET", "/api/health", 200)]
    [InlineData("POST", "/admin/functions/RefreshNobody", 404)]
    public async Task No_reply_may_be_cached(string method, string path, int expected)
    {
        await using var host = await RunningHost.StartAsync();

        var (status, _, headers) = await SendAsync(host, method, path);

        Assert.Equal((expected, "no-store"), (status, headers.CacheControl?.ToString()));
    }

    [Fact]
    public async Task The_bare_400_for_a_foreign_host_may_not_be_cached()
    {
        await using var host = await RunningHost.StartAsync();
        host.Client.DefaultRequestHeaders.Host = "attacker.example";

        var (status, _, headers) = await SendAsync(host, "GET", "/api/GetToken/acronis");

        Assert.Equal((400, "no-store"), (status, headers.CacheControl?.ToString()));
    }

    private static async Task<(int Status, string? Detail, HttpResponseHeaders Headers)> SendAsync(
        RunningHost host,
        string method,
        string path
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await host.Client.SendAsync(request);
        var detail =
            response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? JsonDocument
                    .Parse(await response.Content.ReadAsStringAsync())
                    .RootElement.GetProperty("detail")
                    .GetString()
                : null;
        return ((int)response.StatusCode, detail, response.Headers);
    }
}
