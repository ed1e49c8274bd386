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

    [Fact]
    public async Task Setting_the_authority_alone_keeps_the_emulated_identity()
    {
        using var credentials = new Credentials();
        await using var server = await OidcProviderServer.StartAsync(
            new OidcProviderOptions
            {
                Clients =
                [
                    OidcClient.WithSecretInBody(credentials.Emulated.BackupNetClientId, "another-servers-secret"),
                ],
            }
        );
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string>
            {
                ["Connections__BackupNet__default__Authority"] = server.Issuer.ToString(),
                ["EmbeddedVault__Secrets__backupnet-default-client-secret"] = "another-servers-secret",
            }
        );

        var reply = await host.GetTokenAsync("backupnet");

        Assert.Equal(200, reply.Status);
        Assert.True(await server.IsLiveAsync(reply.AccessToken));
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

    private sealed class Credentials : IDisposable
    {
        public EmulatedCredentials Emulated { get; } = EmulatedCredentials.Generate(TimeProvider.System);

        public void Dispose() => Emulated.AvePointCertificate.Dispose();
    }
}
