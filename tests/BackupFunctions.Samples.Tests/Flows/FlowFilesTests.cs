using BackupFunctions.Samples.Tests.Connector;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>What is around the definitions: the template, the app's files, the connector.</summary>
public sealed class FlowFilesTests
{
    [Fact]
    public void The_template_hands_every_parameter_on_and_gives_the_flow_an_identity()
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
        Assert.Equal("SystemAssigned", workflow["identity"]!["type"]!.GetValue<string>());
        Assert.EndsWith(
            ".identity.principalId]",
            template["outputs"]!["principalId"]!["value"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_template_asks_for_the_apps_address_and_audience_alone() =>
        Assert.Equal(
            ["appUrl", "audience"],
            FlowSample.File("logic-apps/consumption/azuredeploy.json")["parameters"]!
                .AsObject()
                .Where(parameter => parameter.Value!["defaultValue"] is null)
                .Select(parameter => parameter.Key)
        );

    [Fact]
    public void Standard_takes_the_apps_address_and_audience_from_app_settings() =>
        Assert.All(new[] { ("appUrl", "BACKUP_FUNCTIONS_URL"), ("audience", "BACKUP_FUNCTIONS_AUDIENCE") }, pair =>
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
        var host = FlowSample.PowerAutomate.Actions.Single(action => action.Sends).Inputs!["host"]!;

        Assert.Equal("CallApi", host["operationId"]!.GetValue<string>());
        Assert.Contains(host["connectionName"]!.GetValue<string>(), references.Select(reference => reference.Key));
        Assert.EndsWith(
            $"/{references[0]!["api"]!["name"]!.GetValue<string>()}",
            host["apiId"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_flow_gives_the_connectors_operation_what_that_takes()
    {
        var taken = PowerPlatform.ParametersOf("CallApi");
        var given = FlowSample.PowerAutomate.Actions.Single(action => action.Sends).Inputs!["parameters"]!
            .AsObject()
            .Select(parameter => parameter.Key)
            .ToList();

        Assert.Empty(given.Except(taken.Keys));
        Assert.Empty(taken.Where(parameter => parameter.Value).Select(parameter => parameter.Key).Except(given));
    }
}
