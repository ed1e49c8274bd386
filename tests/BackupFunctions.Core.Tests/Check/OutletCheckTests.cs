using BackupFunctions.Check;
using BackupFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Core.Tests.Check;

/// <summary>What operators are told by: the alert webhook, and telemetry.</summary>
public sealed class OutletCheckTests
{
    private const string Name = "alert-webhook-url";

    [Theory]
    [InlineData("https://hooks.example/a-secret-address", "alert-webhook-known", FindingLevel.Ok)]
    [InlineData("hooks.example/a-secret-address", "alert-webhook-unusable", FindingLevel.Error)]
    [InlineData(null, "alert-webhook-unusable", FindingLevel.Error)]
    public async Task The_secret_of_the_alert_webhook_is_read_and_never_shown(
        string? address,
        string id,
        FindingLevel level
    )
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["Alerts:WebhookUrlSecretName"] = Name }
        );
        if (address is not null)
            world.Emulators.Vault.Secrets.Set(Name, SuiteLog.Guard(address));

        var finding = (await world.LookAsync()).One(id, "alert webhook");

        Assert.Equal(level, finding.Type.Level);
        Assert.DoesNotContain("a-secret-address", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_webhook_and_telemetry_nothing_is_said_of_them()
    {
        await using var world = await CheckWorld.StartAsync();

        var report = await world.LookAsync();

        Assert.DoesNotContain(report.Findings, finding =>
            finding.Type.Id.StartsWith("alert-", StringComparison.Ordinal)
            || finding.Type.Id.StartsWith("telemetry-", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_server_that_telemetry_goes_to_is_asked()
    {
        await using var world = await CheckWorld.StartAsync(services: services =>
            services.AddSingleton(new TelemetryEndpoint(new Uri("http://127.0.0.1:1")))
        );
        await using var reached = await CheckWorld.StartAsync(services: services =>
            services.AddSingleton(new TelemetryEndpoint(world.Emulators.BackupNet.BaseAddress))
        );

        var unreached = (await world.LookAsync()).One("telemetry-unreached", "127.0.0.1:1");

        Assert.Equal(FindingLevel.Warning, unreached.Type.Level);
        Assert.Equal(FindingLevel.Ok, (await reached.LookAsync()).One("telemetry-reached").Type.Level);
    }
}
