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

    [Fact]
    public async Task How_the_webhook_is_called_reaches_the_app_and_half_of_a_header_is_found()
    {
        (string, string)[] given =
        [
            ("ALLOW_KEYS_ONLY", "true"),
            ("ALERT_WEBHOOK_SECRET_NAME", "alert-webhook-url"),
            ("ALERT_FORMAT", "adaptive-card"),
            ("ALERT_HEADER_NAME", "X-Api-Key"),
        ];
        var whole = await AzureDeployment.OfAsync([.. given, ("ALERT_HEADER_SECRET_NAME", "alert-key")]);

        Assert.Equal("", await ComplaintsOf(whole));
        Assert.Equal(
            ["adaptive-card", "X-Api-Key", "alert-key"],
            new[] { "Format", "HeaderName", "HeaderSecretName" }.Select(name => whole.AppSettings[$"Alerts__{name}"])
        );
        Assert.Contains(
            "Alerts:HeaderSecretName",
            await ComplaintsOf(await AzureDeployment.OfAsync(given)),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Alerts__Format", (await AzureDeployment.PublicAsync).AppSettings.Keys);
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
