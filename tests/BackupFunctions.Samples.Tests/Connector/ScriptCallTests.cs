using System.Text.Json.Nodes;
using BackupFunctions.Samples.Tests.Serving;

namespace BackupFunctions.Samples.Tests.Connector;

/// <summary>The connector's call, through its code and the app to a vendor.</summary>
public sealed class ScriptCallTests(HostFixture host) : IClassFixture<HostFixture>, IDisposable
{
    private readonly HttpClient _client = new();

    [Theory]
    [InlineData("POST", "rubrik", "/api/graphql", """{"query":"{deploymentVersion}"}""", 200)]
    [InlineData("GET", "veeam-vbr", "/api/v1/serverInfo", null, 200)]
    [InlineData("DELETE", "backupnet", "/v1/no-such-thing", null, 404)]
    public async Task A_call_reaches_the_vendor_with_its_method_and_body(
        string method,
        string vendor,
        string path,
        string? body,
        int status
    )
    {
        var parameters = new JsonObject
        {
            ["vendor"] = vendor,
            ["connection"] = "default",
            ["call/method"] = method,
            ["call/path"] = path,
            ["call/body"] = body,
        };

        using var reply = await new PowerPlatform(_client.SendAsync, host.Url).CallAsync("CallApi", parameters);

        Assert.Equal(
            (status, "vendor"),
            ((int)reply.StatusCode, Assert.Single(reply.Headers.GetValues("X-Answered-By")))
        );
    }

    [Theory]
    [InlineData("ListConnections")]
    [InlineData("GetStatus")]
    public async Task An_action_without_code_goes_to_its_route(string operation)
    {
        using var reply = await new PowerPlatform(_client.SendAsync, host.Url).CallAsync(operation, []);

        Assert.Equal(200, (int)reply.StatusCode);
    }

    public void Dispose() => _client.Dispose();
}
