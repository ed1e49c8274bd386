using BackupFunctions.Emulators;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>
/// What a token may cost, counted at the vault and at the vendors themselves: calls, not times. The lists of the vault, which the host asks
/// for by itself, are left out.
/// </summary>
public sealed class CallCountTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private EmulatorSuite _suite = null!;

    public async ValueTask DisposeAsync() => await _suite.DisposeAsync();

    /// <summary>
    /// The token is looked for before the lock and under it, then the credential is read. Veeam has a refresh token to be read and saved
    /// too, and the first time a password and a one-time code's secret instead, which take two calls.
    /// </summary>
    [Theory]
    [InlineData("acronis", "3 reads, 1 writes, 1 vendor calls", "3 reads, 1 writes, 1 vendor calls")]
    [InlineData("acronis-cyberapp", "3 reads, 1 writes, 1 vendor calls", "3 reads, 1 writes, 1 vendor calls")]
    [InlineData("avepoint", "3 reads, 1 writes, 1 vendor calls", "3 reads, 1 writes, 1 vendor calls")]
    [InlineData("backupnet", "3 reads, 1 writes, 1 vendor calls", "3 reads, 1 writes, 1 vendor calls")]
    [InlineData("veeam", "5 reads, 2 writes, 2 vendor calls", "3 reads, 2 writes, 1 vendor calls")]
    public async Task A_renewal_costs_the_reads_of_the_contract_and_one_write_per_changed_secret(string vendor, string first, string next)
    {
        await using var host = await StartAsync();

        var cold = await CountAsync(vendor, () => host.GetTokenAsync(vendor));
        _time.Advance(TimeSpan.FromMinutes(10));
        var renewal = await CountAsync(vendor, () => host.Client.PostAsync($"/api/Refresh/{vendor}", content: null));

        Assert.Equal((first, next), (cold.ToString(), renewal.ToString()));
    }

    [Theory]
    [InlineData("acronis")]
    [InlineData("acronis-cyberapp")]
    [InlineData("avepoint")]
    [InlineData("backupnet")]
    [InlineData("veeam")]
    public async Task A_warm_hit_costs_no_call_and_a_cold_hit_one_read(string vendor)
    {
        await using var host = await StartAsync();
        await using var another = await RunningHost.StartAsync(Settings(), _time);
        var token = await host.GetTokenAsync(vendor);

        var warm = await CountAsync(vendor, () => host.GetTokenAsync(vendor));
        var cold = await CountAsync(vendor, () => another.GetTokenAsync(vendor));
        var warmThere = await CountAsync(vendor, () => another.GetTokenAsync(vendor));

        Assert.Equal(200, token.Status);
        Assert.Equal((new Calls(0, 0, 0), new Calls(1, 0, 0), new Calls(0, 0, 0)), (warm, cold, warmThere));
    }

    private async Task<RunningHost> StartAsync()
    {
        _suite = await EmulatorSuite.StartAsync(new EmulatorOptions { Time = _time });
        return await RunningHost.StartAsync(Settings(), _time);
    }

    /// <summary>No timer renews anything meanwhile.</summary>
    private Dictionary<string, string> Settings() => _suite.ClientSettings()
        .Concat(new[] { "Acronis", "AcronisCyberApp", "AvePoint", "BackupNet", "Veeam" }.Select(vendor => KeyValuePair.Create($"{vendor}RefreshSchedule", "0 0 0 1 1 *")))
        .ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);

    private async Task<Calls> CountAsync(string vendor, Func<Task> run)
    {
        var before = Of(vendor);
        await run();
        var after = Of(vendor);
        return new Calls(after.Reads - before.Reads, after.Writes - before.Writes, after.SignIns - before.SignIns);
    }

    private Calls Of(string vendor) => new(
        _suite.Vault.Counters["get"], _suite.Vault.Counters["set"], _suite.Emulators.Single(emulator => emulator.Name == vendor).Counters["token"]);

    private sealed record Calls(int Reads, int Writes, int SignIns)
    {
        public override string ToString() => $"{Reads} reads, {Writes} writes, {SignIns} vendor calls";
    }
}
