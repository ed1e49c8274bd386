using System.Text.Json.Nodes;
using BackupFunctions.Testing;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>What is around the definitions: the template, the app's files, the connector.</summary>
public sealed class FlowFilesTests
{
    [Fact]
    public void The_template_hands_every_parameter_on_and_keeps_the_key_secure()
    {
        var template = FlowSample.File("logic-apps/consumption/azuredeploy.json");
        var workflow = template["resources"]![0]!;
        var handed = workflow["properties"]!["parameters"]!.AsObject();

        Assert.Equal(
            FlowSample.Consumption.Definition["parameters"]!.AsObject().Select(parameter => parameter.Key),
            handed.Select(parameter => parameter.Key)
        );
        Assert.All(handed, parameter =>
            Assert.Equal($"[parameters('{parameter.Key}')]", parameter.Value!["value"]!.GetValue<string>())
        );
        Assert.All(handed, parameter => Assert.NotNull(template["parameters"]![parameter.Key]));
        Assert.Equal(
            ("securestring", "SecureString"),
            (
                template["parameters"]!["functionKey"]!["type"]!.GetValue<string>(),
                FlowSample.Consumption.Definition["parameters"]!["functionKey"]!["type"]!.GetValue<string>()
            )
        );
        Assert.Equal("SystemAssigned", workflow["identity"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public void The_template_asks_for_the_apps_address_and_key_alone() =>
        Assert.Equal(
            ["appUrl", "functionKey"],
            FlowSample.File("logic-apps/consumption/azuredeploy.json")["parameters"]!
                .AsObject()
                .Where(parameter => parameter.Value!["defaultValue"] is null)
                .Select(parameter => parameter.Key)
        );

    [Fact]
    public void Standard_takes_its_secrets_from_app_settings() =>
        Assert.All(new[] { ("appUrl", "BACKUP_FUNCTIONS_URL"), ("functionKey", "BACKUP_FUNCTIONS_KEY") }, pair =>
            Assert.Equal(
                $"@appsetting('{pair.Item2}')",
                FlowSample.File("logic-apps/standard/parameters.json")[pair.Item1]!["value"]!.GetValue<string>()
            )
        );

    [Fact]
    public void Consumption_and_Standard_do_the_same() =>
        Assert.Equal(
            FlowSample.Consumption.Definition["actions"]!.ToJsonString(),
            FlowSample.Standard.Definition["actions"]!.ToJsonString()
        );

    [Fact]
    public void The_flow_asks_the_connector_that_it_refers_to()
    {
        var references = FlowSample.File("power-automate/flow.json")["properties"]!["connectionReferences"]!.AsObject();
        var hosts = FlowSample
            .PowerAutomate.Actions.Where(action => action.AsksForToken)
            .Select(action => action.Inputs!["host"]!)
            .ToList();

        Assert.Equal(2, hosts.Count);
        Assert.All(hosts, host => Assert.Equal("GetToken", host["operationId"]!.GetValue<string>()));
        Assert.All(hosts, host =>
            Assert.Contains(host["connectionName"]!.GetValue<string>(), references.Select(reference => reference.Key))
        );
        Assert.All(hosts, host =>
            Assert.EndsWith(
                $"/{references[0]!["api"]!["name"]!.GetValue<string>()}",
                host["apiId"]!.GetValue<string>(),
                StringComparison.Ordinal
            )
        );
    }

    [Fact]
    public void The_flow_gives_the_connectors_operation_what_that_takes()
    {
        var connector = JsonNode.Parse(
            File.ReadAllText(Path.Combine(Repository.Root, "infra", "connector", "apiDefinition.swagger.json"))
        )!;
        var taken = connector["paths"]!["/api/GetToken/{vendor}/{connection}"]!["get"]!["parameters"]!
            .AsArray()
            .ToDictionary(
                parameter => parameter!["name"]!.GetValue<string>(),
                parameter => parameter!["required"]?.GetValue<bool>() == true
            );
        var given = FlowSample
            .PowerAutomate.Actions.Where(action => action.AsksForToken)
            .Select(action => action.Inputs!["parameters"]!.AsObject().Select(parameter => parameter.Key).ToList())
            .ToList();

        Assert.NotEmpty(given);
        Assert.All(given, names => Assert.Empty(names.Except(taken.Keys)));
        Assert.All(given, names =>
            Assert.Empty(taken.Where(parameter => parameter.Value).Select(parameter => parameter.Key).Except(names))
        );
    }
}
