using BackupFunctions.Emulators;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>
/// The vault and vendor calls that a token costs. The lists that the host asks the vault for on its own are not
/// counted, nor are challenges.
/// </summary>
public sealed class CallCountTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    /// <summary>
    /// The vault is read for the token before the lock and under it, then for the credential. AvePoint and backup.net
    /// first need a discovery document. Veeam also reads and saves a refresh token; the first time it reads the
    /// password and the TOTP secret instead, and signs in with two calls.
    /// </summary>
    [Theory]
    [InlineData("acronis", "3 reads, 1 writes, 1 vendor calls", "3 reads, 1 writes, 1 vendor calls")]
    [InlineData("acronis-cyberapp", "3 reads, 1 writes, 1 vendor calls", "3 reads, 1 writes, 1 vendor calls")]
    [InlineData("avepoint", "3 reads, 1 writes, 2 vendor calls", "3 reads, 1 writes, 1 vendor calls")]
    [InlineData("backupnet", "3 reads, 1 writes, 2 vendor calls", "3 reads, 1 writes, 1 vendor calls")]
    [InlineData("veeam", "5 reads, 2 writes, 2 vendor calls", "3 reads, 2 writes, 1 vendor calls")]
    public async Task A_renewal_costs_the_reads_of_the_contract_and_one_write_per_changed_secret(
        string vendor,
        string first,
        string next
    )
    {
        await using var suite = await StartSuiteAsync();
        await using var host = await StartHostAsync(suite);

        var cold = await CountAsync(suite, () => host.GetTokenAsync(vendor));
        _time.Advance(TimeSpan.FromMinutes(10));
        var renewal = await CountAsync(suite, () => host.Client.PostAsync($"/api/Refresh/{vendor}", content: null));

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
        await using var suite = await StartSuiteAsync();
        await using var host = await StartHostAsync(suite);
        await using var another = await StartHostAsync(suite);
        var token = await host.GetTokenAsync(vendor);

        var warm = await CountAsync(suite, () => host.GetTokenAsync(vendor));
        var cold = await CountAsync(suite, () => another.GetTokenAsync(vendor));
        var warmThere = await CountAsync(suite, () => another.GetTokenAsync(vendor));

        Assert.Equal(200, token.Status);
        Assert.Equal((new Calls(0, 0, 0, 0), new Calls(1, 0, 0, 0), new Calls(0, 0, 0, 0)), (warm, cold, warmThere));
    }

    private Task<EmulatorSuite> StartSuiteAsync() => EmulatorSuite.StartAsync(new EmulatorOptions { Time = _time });

    /// <summary>Starts a host whose timers do not run during the test.</summary>
    private Task<RunningHost> StartHostAsync(EmulatorSuite suite) =>
        RunningHost.StartAsync(
            suite
                .ClientSettings()
                .Concat(
                    new[] { "Acronis", "AcronisCyberApp", "AvePoint", "BackupNet", "Veeam", "Catalogue" }.Select(
                        vendor => KeyValuePair.Create($"{vendor}RefreshSchedule", "0 0 0 1 1 *")
                    )
                )
                .ToDictionary(
                    setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
                    setting => setting.Value
                ),
            _time
        );

    private static async Task<Calls> CountAsync(EmulatorSuite suite, Func<Task> run)
    {
        var before = Calls.Of(suite);
        await run();
        var after = Calls.Of(suite);
        return new Calls(
            after.Reads - before.Reads,
            after.Writes - before.Writes,
            after.OtherVault - before.OtherVault,
            after.Vendors - before.Vendors
        );
    }

    private sealed record Calls(int Reads, int Writes, int OtherVault, int Vendors)
    {
        public static Calls Of(EmulatorSuite suite)
        {
            var vault = suite.Vault.Counters.Snapshot();
            string[] apart = [Endpoints.Get, Endpoints.Set, Endpoints.List, Endpoints.Challenge];
            return new Calls(
                vault[Endpoints.Get],
                vault[Endpoints.Set],
                vault.Where(count => !apart.Contains(count.Key)).Sum(count => count.Value),
                suite.Emulators.Where(emulator => emulator != suite.Vault).Sum(emulator => emulator.Counters.Total)
            );
        }

        public override string ToString()
        {
            var others = OtherVault == 0 ? "" : $", {OtherVault} others";
            return $"{Reads} reads, {Writes} writes{others}, {Vendors} vendor calls";
        }
    }
}
