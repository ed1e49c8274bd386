using System.Text.Json.Nodes;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>The Power Platform connector of infra/connector, checked without a Power Platform environment.</summary>
public sealed class ConnectorTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "infra", "connector");
    private static readonly JsonNode Definition = Read(GeneratedFile.Connector);
    private static readonly JsonNode Properties = Read(Path.Combine(Folder, "apiProperties.json"))["properties"]!;

    private static IEnumerable<(string Path, JsonNode Operation)> Operations =>
        from path in Definition["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Value!);

    private static IEnumerable<JsonNode> Parameters =>
        Operations.SelectMany(one => one.Operation["parameters"]?.AsArray() ?? []).Select(parameter => parameter!);

    [Fact]
    public async Task The_definition_is_generated_from_the_routes() =>
        await GeneratedFile.AssertUpToDateAsync(GeneratedFile.Connector, await ConnectorDefinition.GenerateTextAsync());

    [Fact]
    public async Task Two_validators_accept_the_definition_and_reject_a_broken_one()
    {
        using var broken = new TemporaryFile(
            (await File.ReadAllTextAsync(GeneratedFile.Connector)).Replace(
                "\"required\": true",
                "\"required\": \"yes\"",
                StringComparison.Ordinal
            )
        );

        var findings = await JsonFindings.OfOpenApiAsync(GeneratedFile.Connector, broken.Path);

        Assert.Empty(findings[0]);
        Assert.Equal(["redocly", "swagger-parser"], JsonFindings.Validators(findings[1]));
    }

    [Fact]
    public async Task A_validator_accepts_the_properties_and_rejects_broken_ones()
    {
        var schema = Read(Path.Combine(NodePackages.Folder, "api-properties.schema.json"));
        var good = new JsonObject { ["properties"] = Properties.DeepClone() };
        var broken = good.DeepClone();
        broken["properties"]!["policyTemplateInstances"]![0]!["templateId"] = "dynamichost";

        var findings = await JsonFindings.OfValuesAsync(schema, ("#", good), ("#", broken));

        Assert.Empty(findings[0]);
        Assert.NotEmpty(findings[1]);
    }

    [Fact]
    public void Flow_makers_get_tokens_names_and_states_but_not_what_operators_have_keys_for() =>
        Assert.Equal(
            [
                "/api/GetToken/{vendor}/{connection}",
                "/api/Refresh/{vendor}/{connection}",
                "/api/connections",
                "/api/status",
            ],
            Operations.Select(one => one.Path)
        );

    [Fact]
    public void Everything_has_a_title_for_people()
    {
        Assert.All(Operations, one => Assert.NotEmpty(Text(one.Operation["summary"])));
        Assert.All(Parameters, parameter => Assert.NotEmpty(Text(parameter["x-ms-summary"])));
        var fields = Definition["definitions"]!
            .AsObject()
            .SelectMany(shape => shape.Value!["properties"]!.AsObject())
            .ToList();
        Assert.NotEmpty(fields);
        Assert.All(fields, field => Assert.NotEmpty(Text(field.Value!["x-ms-summary"])));
    }

    [Fact]
    public void Getting_a_token_comes_first_and_rarely_needed_parts_are_behind_a_click()
    {
        var visibilities = Operations.ToDictionary(
            one => Text(one.Operation["operationId"]),
            one => Text(one.Operation["x-ms-visibility"])
        );

        Assert.Equal(("important", "advanced"), (visibilities["GetToken"], visibilities["Refresh"]));
        Assert.Equal(
            ["minimumLifetime", "refresh", "tenant", "history"],
            Parameters
                .Where(parameter => Text(parameter["x-ms-visibility"]) == "advanced")
                .Select(parameter => Text(parameter["name"]))
        );
    }

    [Theory]
    [InlineData("vendor")]
    [InlineData("connection")]
    public void Vendors_and_connections_are_chosen_from_lists(string name)
    {
        var chosen = Parameters
            .Where(parameter => Text(parameter["name"]) == name && Text(parameter["in"]) == "path")
            .ToList();

        Assert.NotEmpty(chosen);
        Assert.All(chosen, parameter =>
        {
            Assert.Null(parameter["enum"]);
            var values = parameter["x-ms-dynamic-values"]!;
            var list = Operations
                .Single(one => Text(one.Operation["operationId"]) == Text(values["operationId"]))
                .Operation;
            foreach (var (needed, _) in values["parameters"]?.AsObject() ?? [])
                Assert.Contains(list["parameters"]!.AsArray(), one => Text(one!["name"]) == needed);
            var shape = Definition["definitions"]![Text(list["responses"]!["200"]!["schema"]!["$ref"]).Split('/')[^1]]!;
            var item = Definition["definitions"]![
                Text(shape["properties"]![Text(values["value-collection"])]!["items"]!["$ref"]).Split('/')[^1]
            ]!;
            Assert.NotNull(item["properties"]![Text(values["value-path"])]);
            Assert.NotNull(item["properties"]![Text(values["value-title"])]);
        });
    }

    [Fact]
    public void The_definition_and_the_policy_use_the_connections_key_and_host()
    {
        var security = Assert.Single(Definition["securityDefinitions"]!.AsObject());
        var policy = Assert.Single(Properties["policyTemplateInstances"]!.AsArray())!["parameters"]!;

        Assert.Equal(
            ("apiKey", "header", "x-functions-key"),
            (Text(security.Value!["type"]), Text(security.Value["in"]), Text(security.Value["name"]))
        );
        Assert.Equal("securestring", Text(Properties["connectionParameters"]![security.Key]!["type"]));
        Assert.Equal(
            "https://@connectionParameters('host_name')",
            Text(policy["x-ms-apimTemplateParameter.urlTemplate"])
        );
        Assert.Equal("string", Text(Properties["connectionParameters"]!["host_name"]!["type"]));
    }

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}
