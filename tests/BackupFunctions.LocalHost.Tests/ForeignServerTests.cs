using BackupFunctions.Emulators;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>backupnet and avepoint against an independent server, the npm package oidc-provider.</summary>
public sealed class ForeignServerTests
{
    [Fact]
    public async Task Backupnet_signs_in_with_its_secret_in_the_body()
    {
        await using var server = await OidcProviderServer.StartAsync(
            new OidcProviderOptions { Clients = [OidcClient.WithSecretInBody("portal", "a secret + with / signs %")] }
        );
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string>
            {
                ["Connections__BackupNet__default__Authority"] = server.Issuer.ToString(),
                ["Connections__BackupNet__default__ClientId"] = "portal",
                ["EmbeddedVault__Secrets__backupnet_default_client_secret"] = "a secret + with / signs %",
            }
        );

        var reply = await host.GetTokenAsync("backupnet");

        Assert.Equal(200, reply.Status);
        Assert.True(await server.IsLiveAsync(reply.AccessToken));
        Assert.Equal(0, host.Emulators.BackupNet.Counters.Total);
        Assert.Equal("https://public-api.backup.net", reply.Text("base_url"));
    }

    [Theory]
    [InlineData("BackupNet", "Authority", "ClientId")]
    [InlineData("AvePoint", "IdentityServiceUrl", "ClientId")]
    [InlineData("Acronis", "DataCenterUrl", "ClientId")]
    [InlineData("Veeam", "BaseUrl", "Username")]
    public async Task A_server_alone_gets_no_emulated_identity(string vendor, string server, string missing)
    {
        await using var foreign = await OidcProviderServer.StartAsync(
            new OidcProviderOptions { Clients = [OidcClient.WithSecretInBody("portal", "another-servers-secret")] }
        );
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string> { [$"Connections__{vendor}__default__{server}"] = foreign.Issuer.ToString() }
        );

        var reply = await host.GetTokenAsync(vendor.ToLowerInvariant());

        Assert.Equal((424, "misconfigured"), (reply.Status, reply.Problem));
        Assert.StartsWith(
            $"Connections:{vendor}:default:{missing} is not set.",
            reply.Text("detail"),
            StringComparison.Ordinal
        );
        Assert.Equal(0, (await foreign.CountersAsync()).TokenRequests);
    }

    [Fact]
    public async Task An_emulated_secret_never_goes_to_a_foreign_server()
    {
        await using var foreign = await OidcProviderServer.StartAsync(
            new OidcProviderOptions { Clients = [OidcClient.WithSecretInBody("portal", "another-servers-secret")] }
        );
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string>
            {
                ["Connections__BackupNet__default__Authority"] = foreign.Issuer.ToString(),
                ["Connections__BackupNet__default__ClientId"] = "portal",
                ["Connections__BackupNet__branch__Authority"] = foreign.Issuer.ToString(),
                ["Connections__BackupNet__branch__ClientId"] = "portal",
                ["Connections__BackupNet__branch__ClientSecretName"] = "acronis-default-client-secret",
                ["Connections__AvePoint__default__IdentityServiceUrl"] = foreign.Issuer.ToString(),
                ["Connections__AvePoint__default__ClientId"] = "portal",
                ["Connections__Veeam__branch__BaseUrl"] = foreign.Issuer.ToString(),
                ["Connections__Veeam__branch__Username"] = "backup",
                ["Connections__Veeam__branch__PasswordSecretName"] = "veeam-default-password",
                ["Connections__Veeam__branch__TotpSecretName"] = "veeam-default-totp-secret",
            }
        );

        string[] paths = ["backupnet", "backupnet/branch", "avepoint", "veeam/branch"];
        foreach (var path in paths)
        {
            var reply = await host.GetTokenAsync(path);
            Assert.Equal((424, "credential-missing"), (reply.Status, reply.Problem));
        }

        Assert.Equal(0, (await foreign.CountersAsync()).TokenRequests);
        Assert.Equal(200, (await host.GetTokenAsync("acronis-cyberapp")).Status);
    }

    [Fact]
    public async Task A_certificate_of_the_users_has_no_emulated_version_before_it()
    {
        using var certificate = EmulatedCredentials.NewCertificate(TimeProvider.System, "CN=contoso");
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string>
            {
                ["EmbeddedVault__Secrets__avepoint-default"] = SuiteLog.Guard(
                    EmulatedCredentials.CertificateSecret("avepoint-default", certificate).Value
                ),
            }
        );

        Assert.Single(host.Emulators.Vault.Secrets.Versions("avepoint-default"));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_and_reported()
    {
        await using var server = await OidcProviderServer.StartAsync(
            new OidcProviderOptions { Clients = [OidcClient.WithSecretInBody("portal", "the-right-secret")] }
        );
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string>
            {
                ["Connections__BackupNet__default__Authority"] = server.Issuer.ToString(),
                ["Connections__BackupNet__default__ClientId"] = "portal",
                ["EmbeddedVault__Secrets__backupnet-default-client-secret"] = SuiteLog.Guard("the-wrong-secret"),
            }
        );

        var reply = await host.GetTokenAsync("backupnet");

        Assert.Equal(
            (424, "credentials-refused", "invalid_client"),
            (reply.Status, reply.Problem, reply.Text("oauth_error"))
        );
        Assert.Equal(1, (await server.CountersAsync()).TokenRequests);
    }

    [Fact]
    public async Task Avepoint_signs_in_with_an_assertion_signed_by_its_certificate()
    {
        using var certificate = EmulatedCredentials.NewCertificate(TimeProvider.System, "CN=contoso");
        await using var server = await OidcProviderServer.StartAsync(
            new OidcProviderOptions { Clients = [OidcClient.WithCertificate("app", certificate)] }
        );
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string>
            {
                ["Connections__AvePoint__default__IdentityServiceUrl"] = server.Issuer.ToString(),
                ["Connections__AvePoint__default__ClientId"] = "app",
                ["EmbeddedVault__Secrets__avepoint-default"] = SuiteLog.Guard(
                    EmulatedCredentials.CertificateSecret("avepoint-default", certificate).Value
                ),
            }
        );

        var first = await host.GetTokenAsync("avepoint");
        var second = await host.GetTokenAsync($"avepoint?rejected={first.Fingerprint}");

        Assert.Equal((200, 200), (first.Status, second.Status));
        Assert.True(await server.IsLiveAsync(second.AccessToken));
        Assert.Equal(2, (await server.CountersAsync()).Granted);
    }
}
