using System.Net;
using System.Text.Json.Nodes;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>The OpenAPI document is valid, complete and served.</summary>
public sealed class ApiDocumentTests
{
    [Fact]
    public async Task It_is_generated_from_the_routes() =>
        await GeneratedFile.AssertUpToDateAsync(GeneratedFile.OpenApi, await ApiDocument.GenerateTextAsync());

    [Fact]
    public async Task It_is_served_without_a_key()
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
        var served = await response.Content.ReadAsStringAsync();
        Assert.Equal(await CommittedDocument.ReadAsync(), served.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Two_validators_accept_it_and_reject_a_broken_one()
    {
        var text = await CommittedDocument.ReadAsync();
        using var good = new TemporaryFile(text);
        using var broken = new TemporaryFile(
            text.Replace("\"in\": \"path\"", "\"in\": \"nowhere\"", StringComparison.Ordinal)
        );

        var findings = await JsonFindings.OfOpenApiAsync(good.Path, broken.Path);

        Assert.Empty(findings[0]);
        Assert.Equal(["redocly", "swagger-parser"], JsonFindings.Validators(findings[1]));
    }

    [Fact]
    public async Task Every_field_has_a_description()
    {
        var schemas = JsonNode.Parse(await CommittedDocument.ReadAsync())!["components"]!["schemas"]!;

        var fields = Fields(schemas).ToList();

        Assert.NotEmpty(fields);
        Assert.All(fields, field => Assert.NotNull(field.Value!["description"]));
    }

    [Fact]
    public async Task Every_query_parameter_is_refused_by_name_when_its_value_is_invalid()
    {
        await using var host = await RunningHost.StartAsync();
        var refused = new List<string>();

        foreach (var (path, method, operation) in await CommittedDocument.OperationsAsync())
        {
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                var name = parameter!["name"]!.GetValue<string>();
                if (parameter["in"]!.GetValue<string>() != "query")
                {
                    continue;
                }

                var route = path.Replace("{vendor}", "acronis", StringComparison.Ordinal)
                    .Replace("{connection}", "default", StringComparison.Ordinal);
                using var request = new HttpRequestMessage(method, $"/api{route}?{name}=no%20such%20thing!");
                using var response = await host.Client.SendAsync(request);

                Assert.Equal((name, name == "vendor" ? 404 : 400), (name, (int)response.StatusCode));
                Assert.Contains(name, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                refused.Add(name);
            }
        }

        Assert.Equal(
            [
                "connection",
                "history",
                "minimumLifetime",
                "probeSave",
                "problemsOnly",
                "refresh",
                "rejected",
                "signIn",
                "tenant",
                "vendor",
            ],
            refused.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Fields(JsonNode node)
    {
        if (node is JsonArray array)
        {
            return array.SelectMany(item => Fields(item!));
        }

        if (node is not JsonObject found)
        {
            return [];
        }

        var own = found["properties"] is JsonObject properties ? properties : [];
        return own.Concat(found.SelectMany(member => Fields(member.Value!)));
    }
}
