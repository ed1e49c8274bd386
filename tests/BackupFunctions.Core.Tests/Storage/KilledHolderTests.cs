using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Storage;

public sealed class KilledHolderTests(SharedAzurite azurite)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Beside the tests' own output, built with the same configuration.
    private static string LockHolder { get; } =
        Path.GetFullPath(
            Path.Combine(
                AppContext.BaseDirectory,
                "..",
                "..",
                "BackupFunctions.LockHolder",
                Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
                "BackupFunctions.LockHolder.dll"
            )
        );

    [Fact]
    public async Task A_killed_process_keeps_others_out_until_its_lease_has_run_out()
    {
        var server = await azurite.ServerAsync();
        using var process = new LockUnderTest(server.ConnectionString, time: TimeProvider.System);
        var key = LockUnderTest.NewConnection();
        await using var holder = ChildProcess.Start("dotnet", [LockHolder, key.ToString()], AppContext.BaseDirectory);
        await holder.WriteLineAsync(server.ConnectionString);
        await holder.ExpectAsync("held", Patience);

        holder.Kill();
        await holder.Exit;
        var killed = TimeProvider.System.GetTimestamp();
        await using var lease = await process.AcquireAsync(key);
        var waited = TimeProvider.System.GetElapsedTime(killed);

        // Storage's own clock: 15 s from the last renewal, which was at most 5 s (and a slow machine's hesitation)
        // before.
        Assert.InRange(waited, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25));
    }
}
