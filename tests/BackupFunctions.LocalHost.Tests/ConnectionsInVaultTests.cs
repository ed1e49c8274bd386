using System.Text.Json.Nodes;
using BackupFunctions.Connections;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>A new customer needs one new secret, and neither a setting nor a restart.</summary>
public sealed class ConnectionsInVaultTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);

    public static TheoryData<string> Vendors => ["acronis", "acronis-cyberapp", "avepoint", "backupnet", "veeam"];

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_connection_saved_in_the_vault_works_at_the_next_call(string vendor)
    {
        await using var host = await RunningHost.StartAsync(time: _time);
        Assert.Equal(404, (await host.GetTokenAsync($"{vendor}/contoso")).Status);
        Save(host.Emulators, vendor, "contoso");
        _time.Advance(TimeSpan.FromSeconds(30));

        var reply = await host.GetTokenAsync($"{vendor}/contoso");

        Assert.Equal((200, vendor, "contoso"), (reply.Status, reply.Text("vendor"), reply.Text("connection")));
        Assert.NotNull(host.Emulators.Vault.Secrets.Get($"{vendor}-contoso-access-token"));
    }

    [Fact]
    public async Task A_rotated_credential_is_picked_up_when_the_vendor_refuses_the_old_one()
    {
        await using var host = await RunningHost.StartAsync(time: _time);
        Save(host.Emulators, "backupnet", "contoso");
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(200, (await host.GetTokenAsync("backupnet/contoso")).Status);
        host.Emulators.BackupNet.ClientSecret = SuiteLog.Guard("the-rotated-secret-of-backupnet");
        Save(host.Emulators, "backupnet", "contoso");
        _time.Advance(TimeSpan.FromSeconds(31));

        var reply = await host.GetTokenAsync("backupnet/contoso?refresh=true");

        Assert.Equal(200, reply.Status);
        Assert.Equal(3, host.Emulators.BackupNet.Counters["token"]);
    }

    [Fact]
    public async Task A_removed_connection_is_unknown_within_five_minutes()
    {
        await using var host = await RunningHost.StartAsync(time: _time);
        Save(host.Emulators, "acronis", "contoso");
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(200, (await host.GetTokenAsync("acronis/contoso")).Status);
        host.Emulators.Vault.Secrets.Delete("connection-acronis-contoso");
        _time.Advance(TimeSpan.FromMinutes(5));
        var news = (ConnectionReloader)host.Services.GetService(typeof(ConnectionReloader))!;
        await news.EnsureReadAsync(TimeSpan.FromMinutes(4), CancellationToken.None);

        Assert.Equal(404, (await host.GetTokenAsync("acronis/contoso")).Status);
        Assert.Equal(200, (await host.GetTokenAsync("acronis")).Status);
    }

    [Fact]
    public async Task The_vault_is_not_listed_if_the_setting_is_off()
    {
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string> { ["KeyVault:ConnectionsInVault"] = "false" },
            _time
        );
        Save(host.Emulators, "acronis", "contoso");

        Assert.Equal(404, (await host.GetTokenAsync("acronis/contoso")).Status);
        Assert.Equal(0, host.Emulators.Vault.Counters["list"]);
    }

    private static void Save(EmulatorSuite suite, string vendor, string connection)
    {
        var (settings, credential) = vendor switch
        {
            "acronis" => (
                Of(("DataCenterUrl", Url(suite.Acronis)), ("ClientId", suite.Acronis.ClientId)),
                Of(("clientSecret", suite.Acronis.ClientSecret))
            ),
            "acronis-cyberapp" => (
                Of(("DataCenterUrl", Url(suite.AcronisCyberApp)), ("ClientId", suite.AcronisCyberApp.ClientId)),
                Of(("clientSecret", suite.AcronisCyberApp.ClientSecret))
            ),
            "avepoint" => (
                Of(("IdentityServiceUrl", Url(suite.AvePoint)), ("ClientId", suite.AvePoint.ClientId)),
                Of(("certificate", suite.Vault.Secrets.Get("avepoint-default")!.Value))
            ),
            "backupnet" => (
                Of(
                    ("Authority", Url(suite.BackupNet)),
                    ("ApiUrl", Url(suite.BackupNet)),
                    ("ClientId", suite.BackupNet.ClientId)
                ),
                Of(("clientSecret", suite.BackupNet.ClientSecret))
            ),
            _ => (
                Of(
                    ("BaseUrl", Url(suite.Veeam)),
                    ("Username", suite.Veeam.Username),
                    ("ServerCertificateSha256", suite.Veeam.CertificateSha256)
                ),
                Of(("password", suite.Veeam.Password), ("totpSecret", suite.Veeam.TotpSecret!))
            ),
        };
        var value = new JsonObject
        {
            ["vendor"] = vendor,
            ["connection"] = connection,
            ["settings"] = settings,
            ["credential"] = credential,
        };
        suite.Vault.Secrets.Set(
            $"connection-{vendor}-{connection}",
            value.ToJsonString(),
            "application/vnd.backupfunctions.connection+json"
        );
    }

    private static string Url(Emulator emulator) => emulator.BaseAddress.AbsoluteUri;

    private static JsonObject Of(params (string Name, string Value)[] members) =>
        new(members.Select(member => KeyValuePair.Create<string, JsonNode?>(member.Name, member.Value)));
}
