using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.OpenApi;
using BackupFunctions.Web.Api;
using Microsoft.OpenApi;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>The OpenAPI document: valid, served, and as the service really answers.</summary>
public sealed class ApiDocumentTests
{
    /// <summary>Calls, and where the document has the shape of the reply.</summary>
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
        (HttpMethod.Post, "/api/Revoke/veeam/default", "/Revoke/{vendor}/{connection}", 200),
        (HttpMethod.Get, "/api/GetToken/veeam", "/GetToken/{vendor}", 424),
        (HttpMethod.Get, "/api/status", "/status", 200),
    ];

    [Fact]
    public async Task It_is_served_to_anybody_as_the_build_made_it()
    {
        await using var host = await RunningHost.StartAsync();

        using var response = await host.Client.GetAsync("/api/openapi.json");

        Assert.Equal(
            (HttpStatusCode.OK, "application/json", "no-store"),
            (
                response.StatusCode,
                response.Content.Headers.ContentType!.ToString(),
                response.Headers.CacheControl!.ToString()
            )
        );
        Assert.Equal(await TextAsync(), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Two_validators_find_nothing_wrong_with_it_and_something_with_a_broken_one()
    {
        var text = await TextAsync();
        using var good = new TemporaryFile(text);
        using var broken = new TemporaryFile(
            text.Replace("\"in\": \"path\"", "\"in\": \"nowhere\"", StringComparison.Ordinal)
        );

        var findings = await JsonFindings.OfOpenApiAsync(good.Path, broken.Path);

        Assert.Empty(findings[0]);
        Assert.Equal(["redocly", "swagger-parser"], JsonFindings.Validators(findings[1]));
    }

    [Fact]
    public async Task Every_reply_has_the_shape_that_it_tells_of()
    {
        await using var host = await RunningHost.StartAsync();
        var document = JsonNode.Parse(await TextAsync())!;
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
                replies.Select(reply => (reply.Pointer, WithOneFieldMore(reply.Value)))
            ),
            Assert.NotEmpty
        );
    }

    [Fact]
    public void The_replies_are_those_of_all_operations_but_an_enrolment_which_takes_a_persons_code_and_has_the_shape_of_a_renewal()
    {
        var shaped = Operations.All.Where(operation =>
            operation.Replies.Any(reply => reply is { Status: 200, Body: not null })
        );
        var called = Calls.Where(call => call.Status == 200).Select(call => OfAnyConnection(call.Operation));

        Assert.Equal(
            shaped
                .Except([TokenOperations.Enroll])
                .Select(operation => OfAnyConnection($"/{operation.Route}"))
                .Order(StringComparer.Ordinal),
            called.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
        Assert.Equal(TokenOperations.Refresh.Replies[0].Body, Assert.Single(TokenOperations.Enroll.Replies).Body);
    }

    [Fact]
    public async Task A_reply_with_a_field_more_or_one_less_has_not_that_shape()
    {
        var document = JsonNode.Parse(await TextAsync())!;
        const string health = "#/components/schemas/Health";

        var findings = await JsonFindings.OfValuesAsync(
            document,
            (health, JsonNode.Parse("""{"alive":true,"name":"x"}""")!),
            (health, new JsonObject())
        );

        Assert.All(findings, Assert.NotEmpty);
    }

    [Fact]
    public async Task Every_parameter_of_a_query_that_takes_no_text_is_refused_by_name_when_it_is_wrong()
    {
        await using var host = await RunningHost.StartAsync();
        var parameters = Operations
            .All.SelectMany(operation => operation.Query.Select(parameter => (operation, parameter)))
            .ToList();

        foreach (var (operation, parameter) in parameters)
        {
            var path = operation.Route.Replace("{vendor}/{connection?}", "acronis", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(
                HttpMethod.Parse(operation.Methods[0]),
                $"/api/{path}?{parameter.Name}=no%20such%20thing!"
            );
            using var response = await host.Client.SendAsync(request);

            Assert.Equal((parameter.Name, parameter.IsVendor ? 404 : 400), (parameter.Name, (int)response.StatusCode));
            Assert.Contains(parameter.Name, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(9, parameters.Count);
    }

    private static string OfAnyConnection(string path) =>
        path.Replace("/{connection?}", "", StringComparison.Ordinal)
            .Replace("/{connection}", "", StringComparison.Ordinal);

    private static JsonNode WithOneFieldMore(JsonNode reply)
    {
        var more = reply.DeepClone();
        more["noSuchField"] = 1;
        return more;
    }

    private static Task<string> TextAsync() =>
        DocumentText.OfAsync(ApiDocument.Create(), OpenApiSpecVersion.OpenApi3_0);

    private static string Pointer(string operation, HttpMethod method, int status, string mediaType) =>
        $"#/paths/{Escaped(operation)}/{method.Method.ToLowerInvariant()}/responses/{status}/content/{Escaped(mediaType)}/schema";

    // RFC 6901 section 3, and section 6 for braces.
    private static string Escaped(string name) =>
        Uri.EscapeDataString(name.Replace("/", "~1", StringComparison.Ordinal));
}
