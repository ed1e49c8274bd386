using System.Text;
using System.Text.Json.Nodes;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>The running host replies as the OpenAPI document says.</summary>
public sealed class ApiDocumentShapeTests
{
    /// <summary>Calls, each with the operation that describes its reply.</summary>
    private static readonly (HttpMethod Method, string Path, string Operation, int Status)[] Calls =
    [
        (HttpMethod.Get, "/api/GetToken/acronis", "/GetToken/{vendor}", 200),
        (HttpMethod.Post, "/api/GetToken/veeam/default", "/GetToken/{vendor}/{connection}", 200),
        (HttpMethod.Get, "/api/GetToken/acronis?minimumLifetime=never", "/GetToken/{vendor}", 400),
        (HttpMethod.Get, "/api/GetToken/nobody", "/GetToken/{vendor}", 404),
        (HttpMethod.Post, "/api/Refresh/backupnet", "/Refresh/{vendor}", 200),
        (HttpMethod.Post, "/api/Enroll/veeam", "/Enroll/{vendor}", 424),
        (HttpMethod.Get, "/api/connections", "/connections", 200),
        (HttpMethod.Get, "/api/status", "/status", 200),
        (HttpMethod.Get, "/api/health", "/health", 200),
        (HttpMethod.Post, "/api/Check?vendor=backupnet", "/Check", 200),
        (HttpMethod.Post, "/api/Alerts/Test", "/Alerts/Test", 200),
        (HttpMethod.Post, "/api/Revoke/veeam/default", "/Revoke/{vendor}/{connection}", 200),
        (HttpMethod.Get, "/api/GetToken/veeam", "/GetToken/{vendor}", 424),
        (HttpMethod.Get, "/api/status", "/status", 200),
    ];

    [Fact]
    public async Task Every_reply_matches_its_schema()
    {
        await using var receiver = await PostReceiver.StartAsync();
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string> { ["Alerts:WebhookUrl"] = receiver.Address }
        );
        var document = JsonNode.Parse(await CommittedDocument.ReadAsync())!;
        var replies = new List<(string Pointer, JsonNode Value)>();

        foreach (var (method, path, operation, status) in Calls)
        {
            using var request = new HttpRequestMessage(method, path)
            {
                Content = path.Contains("Enroll", StringComparison.Ordinal)
                    ? new StringContent("""{"code":"000000"}""", Encoding.UTF8, "application/json")
                    : null,
            };
            using var response = await host.Client.SendAsync(request);
            Assert.Equal((path, status), (path, (int)response.StatusCode));
            replies.Add(
                (
                    Pointer(operation, method, status, response.Content.Headers.ContentType!.MediaType!),
                    JsonNode.Parse(await response.Content.ReadAsStringAsync())!
                )
            );
        }

        Assert.All(await JsonFindings.OfValuesAsync(document, replies), Assert.Empty);
        Assert.All(
            await JsonFindings.OfValuesAsync(
                document,
                replies.Select(reply => (reply.Pointer, WithExtraField(reply.Value)))
            ),
            Assert.NotEmpty
        );
    }

    [Fact]
    public async Task Every_schema_is_compared_and_an_enrolment_which_needs_a_persons_code_shares_that_of_a_renewal()
    {
        var operations = await CommittedDocument.OperationsAsync();
        var described = operations
            .Where(one => Schema(one.Operation) is not null)
            .Select(one => OfAnyConnection(one.Path));
        var called = Calls.Where(call => call.Status == 200).Select(call => OfAnyConnection(call.Operation));

        Assert.Equal(
            described.Distinct(StringComparer.Ordinal).Except(["/Enroll/{vendor}"]).Order(StringComparer.Ordinal),
            called.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["#/components/schemas/Refresh"],
            operations
                .Where(one => OfAnyConnection(one.Path) is "/Enroll/{vendor}" or "/Refresh/{vendor}")
                .Select(one => Schema(one.Operation))
                .Distinct(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_reply_with_an_extra_or_a_missing_field_does_not_match()
    {
        var document = JsonNode.Parse(await CommittedDocument.ReadAsync())!;
        const string health = "#/components/schemas/Health";

        var findings = await JsonFindings.OfValuesAsync(
            document,
            (health, JsonNode.Parse("""{"alive":true,"name":"x"}""")!),
            (health, new JsonObject())
        );

        Assert.All(findings, Assert.NotEmpty);
    }

    private static string OfAnyConnection(string path) =>
        path.Replace("/{connection?}", "", StringComparison.Ordinal)
            .Replace("/{connection}", "", StringComparison.Ordinal);

    private static JsonNode WithExtraField(JsonNode reply)
    {
        var more = reply.DeepClone();
        more["noSuchField"] = 1;
        return more;
    }

    /// <summary>The reference to the schema of a 200; null if it has none.</summary>
    private static string? Schema(JsonNode operation) =>
        operation["responses"]!["200"]!["content"]!["application/json"]?["schema"]!["$ref"]?.GetValue<string>();

    private static string Pointer(string operation, HttpMethod method, int status, string mediaType) =>
        $"#/paths/{Escaped(operation)}/{method.Method.ToLowerInvariant()}"
        + $"/responses/{status}/content/{Escaped(mediaType)}/schema";

    // RFC 6901 section 3, and section 6 for braces.
    private static string Escaped(string name) =>
        Uri.EscapeDataString(name.Replace("/", "~1", StringComparison.Ordinal));
}
