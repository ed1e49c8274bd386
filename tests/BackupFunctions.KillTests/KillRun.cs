using BackupFunctions.Testing;

namespace BackupFunctions.KillTests;

/// <summary>
/// All kills, in two lanes side by side: without storage, where a restarted process may renew at once, and with it,
/// where it first waits until the killed one's lease has run out.
/// </summary>
internal static class KillRun
{
    public static async Task<KillReport> RunAsync(KillOptions options, TextWriter output)
    {
        var report = new KillReport(options, output);
        await Task.WhenAll(WithoutStorageAsync(options, report), WithStorageAsync(options, report));
        report.End();
        return report;
    }

    private static async Task WithoutStorageAsync(KillOptions options, KillReport report)
    {
        var kills = options.Kills - options.WithStorage;
        if (kills > 0)
        {
            await using var lane = await KillLane.StartAsync("without storage", report, storage: null);
            await lane.RunAsync(KillPlan.Draw(kills, options.Seed, mayBeKilledAgain: true));
        }
    }

    private static async Task WithStorageAsync(KillOptions options, KillReport report)
    {
        if (options.WithStorage > 0)
        {
            await using var azurite = await AzuriteServer.StartAsync();
            await using var lane = await KillLane.StartAsync("with storage", report, azurite.ConnectionString);

            // Killed again at once, a process would only ever be hit while it waits for the lock.
            await lane.RunAsync(KillPlan.Draw(options.WithStorage, options.Seed + 1, mayBeKilledAgain: false));
        }
    }
}
