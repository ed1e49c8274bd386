using System.Text.Json;
using BackupFunctions.Locking;
using BackupFunctions.Settings;
using BackupFunctions.Settings.Access;
using BackupFunctions.Storage;
using BackupFunctions.Sweeps;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>The app starts with what a deployment gives it, and admits whom it should.</summary>
public sealed class DeployedAppTests
{
    [Fact]
    public async Task The_app_starts_with_the_settings_of_every_deployment()
    {
        AzureDeployment[] deployments =
        [
            await AzureDeployment.PublicAsync,
            await AzureDeployment.PrivateAsync,
            await AzureDeployment.EntraAsync,
            await AzureDeployment.HundredAsync,
        ];
        foreach (var deployment in deployments)
        {
            await using var app = new DeployedApp(deployment);

            Assert.DoesNotContain(app.Settings.Values, value => value.StartsWith('['));
            Assert.StartsWith("https://kvc-", app.Options.VaultUri.AbsoluteUri, StringComparison.Ordinal);
            Assert.StartsWith("https://kvt-", app.Options.TokenVaultUri.AbsoluteUri, StringComparison.Ordinal);
            Assert.IsType<BlobLeaseRefreshLock>(app.Service<IRefreshLock>());
            Assert.Empty(app.Options.Unknown);
            Assert.Equal(
                ("managedidentity", "ManagedIdentityCredential", AzureDeployment.Identity, "0"),
                (
                    app.Settings["AzureWebJobsStorage:credential"],
                    app.Settings["AZURE_TOKEN_CREDENTIALS"],
                    app.Settings["AZURE_CLIENT_ID"],
                    app.Settings["WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED"]
                )
            );
            Assert.Equal(
                $"ClientId={AzureDeployment.Identity};Authorization=AAD",
                app.Settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]
            );
        }
    }

    [Fact]
    public async Task A_hundred_connections_reach_the_app()
    {
        await using var app = new DeployedApp(await AzureDeployment.HundredAsync);

        Assert.Equal(100, app.Options.Connections.Count);
        Assert.Empty(app.Options.Misconfigured);
        Assert.Equal("it's ${me}\\you", app.Settings["Connections:Veeam:customer7:Username"]);
        Assert.Equal("600", app.Settings["Connections:Veeam:customer7:RefreshBefore"]);
    }

    [Fact]
    public async Task Every_vendors_timer_has_its_schedule()
    {
        Assert.Equal(
            DeployedApp.Timers.Select(timer => ($"{timer}RefreshSchedule", RefreshSchedule.DefaultExpression)).Order(),
            SchedulesOf(await AzureDeployment.PublicAsync)
        );
        Assert.Equal(
            [("VeeamRefreshSchedule", HundredConnections.Schedule)],
            SchedulesOf(await AzureDeployment.HundredAsync).Where(one => one.Value != RefreshSchedule.DefaultExpression)
        );
    }

    [Fact]
    public async Task With_a_registration_callers_need_app_roles_and_no_key()
    {
        var deployment = await AzureDeployment.EntraAsync;
        await using var app = new DeployedApp(deployment);
        var authentication = Assert.Single(deployment.Of("Microsoft.Web/sites/config")).GetProperty("properties");
        var validation = authentication.GetProperty("globalValidation");

        Assert.Equal(new AccessOptions(Admission.AppRoles, AzureDeployment.ClientId), app.Options.Access);
        Assert.True(authentication.GetProperty("platform").GetProperty("enabled").GetBoolean());
        Assert.Equal("AllowAnonymous", validation.GetProperty("unauthenticatedClientAction").GetString());
        Assert.False(validation.GetProperty("requireAuthentication").GetBoolean());
    }

    [Fact]
    public async Task Without_a_registration_callers_need_keys()
    {
        var deployment = await AzureDeployment.PublicAsync;
        await using var app = new DeployedApp(deployment);

        Assert.Equal(new AccessOptions(Admission.Keys), app.Options.Access);
        Assert.Empty(deployment.Of("Microsoft.Web/sites/config"));
        Assert.False(deployment.AppSettings.ContainsKey("Access__ClientId"));
    }

    [Fact]
    public async Task A_deployment_that_does_not_say_how_callers_sign_in_is_refused()
    {
        var neither = await AzureDeployment.RefusalAsync();
        var both = await AzureDeployment.RefusalAsync(
            ("ENTRA_CLIENT_ID", AzureDeployment.ClientId),
            ("ALLOW_KEYS_ONLY", "true")
        );

        Assert.Contains("neither ENTRA_CLIENT_ID nor ALLOW_KEYS_ONLY is set", neither, StringComparison.Ordinal);
        Assert.Contains("which contradict each other", both, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_platform_accepts_tokens_of_an_app_registered_as_documented()
    {
        var access = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "access.md"));
        var provider = Assert
            .Single((await AzureDeployment.EntraAsync).Of("Microsoft.Web/sites/config"))
            .GetProperty("properties")
            .GetProperty("identityProviders")
            .GetProperty("azureActiveDirectory");
        var registration = provider.GetProperty("registration");

        Assert.Contains(
            "--identifier-uris api://<client id> --requested-access-token-version 2",
            access,
            StringComparison.Ordinal
        );
        Assert.Equal(AzureDeployment.ClientId, registration.GetProperty("clientId").GetString());
        // Which cloud it is the compiler does not know.
        Assert.Equal(
            $"[format('{{0}}{{1}}/v2.0', environment().authentication.loginEndpoint, '{AzureDeployment.Tenant}')]",
            registration.GetProperty("openIdIssuer").GetString()
        );
        // The audience is the client id in tokens of version 2, and the address in tokens of version 1.
        Assert.Equal(
            [AzureDeployment.ClientId, $"api://{AzureDeployment.ClientId}"],
            provider.GetProperty("validation").GetProperty("allowedAudiences").EnumerateArray().Select(Text)
        );
    }

    private static IEnumerable<(string Name, string Value)> SchedulesOf(AzureDeployment deployment) =>
        deployment
            .AppSettings.Where(setting => setting.Key.EndsWith("RefreshSchedule", StringComparison.Ordinal))
            .Select(setting => (setting.Key, setting.Value))
            .Order();

    private static string? Text(JsonElement one) => one.GetString();
}
