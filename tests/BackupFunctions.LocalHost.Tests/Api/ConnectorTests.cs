using System.Text.Json.Nodes;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>The Power Platform connector of infra/connector, checked without a Power Platform environment.</summary>
public sealed class ConnectorTests
{
    private static readonly JsonNode Definition = Read(GeneratedFile.Connector);

    private static IEnumerable<(string Path, JsonNode Operation)> Operations =>
        from path in Definition["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Value!);

    /// <summary>Those that have a field of their own in the designer; a body has one for each of its members.</summary>
    private static IEnumerable<JsonNode> Parameters =>
        Operations
            .SelectMany(one => one.Operation["parameters"]?.AsArray() ?? [])
            .Select(parameter => parameter!)
            .Where(parameter => Text(parameter["in"]) != "body");

    private static JsonObject Call =>
        Operations.Single(one => Text(one.Operation["operationId"]) == ConnectorCall.Id).Operation["parameters"]!
            .AsArray()
            .Single(parameter => Text(parameter!["in"]) == "body")!["schema"]!["properties"]!.AsObject();

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
    public void Flow_makers_get_calls_tokens_names_and_states_but_not_what_operators_do_alone() =>
        Assert.Equal(
            [
                "/api/GetToken/{vendor}/{connection}",
                "/api/Refresh/{vendor}/{connection}",
                "/api/connections",
                "/api/status",
                "/api/CallApi/{vendor}/{connection}",
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
            .Concat(Call)
            .ToList();
        Assert.NotEmpty(fields);
        Assert.All(fields, field => Assert.NotEmpty(Text(field.Value!["x-ms-summary"])));
    }

    [Fact]
    public void A_call_comes_first_and_rarely_needed_parts_are_behind_a_click()
    {
        var visibilities = Operations.ToDictionary(
            one => Text(one.Operation["operationId"]),
            one => Text(one.Operation["x-ms-visibility"])
        );

        Assert.Equal(
            ("important", "advanced", "advanced"),
            (visibilities["CallApi"], visibilities["GetToken"], visibilities["Refresh"])
        );
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
    public async Task Without_the_code_a_call_reaches_no_vendor()
    {
        await using var host = await RunningHost.StartAsync();
        var path = ConnectorCall
            .Path.Replace("{vendor}", "backupnet", StringComparison.Ordinal)
            .Replace("{connection}", "default", StringComparison.Ordinal);

        using var reply = await host.Client.PostAsync(path, new StringContent("{}"));

        Assert.Equal((404, 0), ((int)reply.StatusCode, host.Emulators.BackupNet.Counters.Total));
    }

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}
