using Microsoft.Extensions.Options;

namespace BackupFunctions.LocalHost.Tests.Deployment.Operation;

/// <summary>
/// The app that was built starts with the settings that are about to be deployed: those of main.parameters.json, with
/// azd's variables from the environment. The workflow Deploy runs this before it changes anything.
/// </summary>
public sealed class SettingsOfThisEnvironmentTests
{
    [Fact]
    public async Task The_app_starts_with_them_and_has_no_misconfigured_connection()
    {
        var given = AzdParameters
            .Variables.Except(["AZURE_ENV_NAME", "AZURE_LOCATION"], StringComparer.Ordinal)
            .Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
            .Where(variable => !string.IsNullOrEmpty(variable.Value))
            .Select(variable => (variable.Name, variable.Value!))
            .ToArray();
        // On a developer's machine nothing is said.
        var deployment = await AzureDeployment.OfAsync(given.Length > 0 ? given : [("ALLOW_KEYS_ONLY", "true")]);

        Assert.Equal("", await ComplaintsOf(deployment));
    }

    [Theory]
    [InlineData("Acronis", "DataCenterUrl", "not an address", "acronis/default")]
    [InlineData("Druva", "ClientIdd", "x", "Connections:Druva:default:ClientIdd")]
    public async Task A_wrong_setting_of_a_connection_is_found(
        string vendor,
        string name,
        string value,
        string connection
    )
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["ClientId"] = "x", [name] = value };
        var deployment = await AzureDeployment.OfAsync(
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["connections"] = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    [vendor] = new Dictionary<string, object>(StringComparer.Ordinal) { ["default"] = settings },
                },
            },
            ("ALLOW_KEYS_ONLY", "true")
        );

        Assert.Contains(connection, await ComplaintsOf(deployment), StringComparison.Ordinal);
    }

    /// <summary>What stops the start, then each misconfigured connection and each unknown setting.</summary>
    private static async Task<string> ComplaintsOf(AzureDeployment deployment)
    {
        await using var app = new DeployedApp(deployment);
        try
        {
            app.Service<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException refusal)
        {
            return refusal.Message;
        }

        return string.Join(
            '\n',
            app.Options.Misconfigured.Select(wrong => $"{wrong.Key}: {wrong.Failure.Detail}")
                .Concat(app.Options.Unknown.Select(finding => $"{finding}"))
        );
    }
}
