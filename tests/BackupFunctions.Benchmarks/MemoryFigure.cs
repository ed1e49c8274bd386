using BackupFunctions.Benchmarks.Processes;
using BackupFunctions.Tokens;

namespace BackupFunctions.Benchmarks;

/// <summary>
/// <c>memory-per-connection</c>: what a connection with a token keeps in memory apart from the token: settings, state,
/// credential, and what is known about the vault and about failures.
/// </summary>
internal static class MemoryFigure
{
    public const string Name = "memory-per-connection";

    private const int Few = 500;
    private const int Many = 4_500;
    private const double Most = 4_096;

    public static async Task<Figure> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var emulators = await EmulatorProcess.StartAsync(
            Many,
            new EmulatorProcess.Latencies(Vault: 0, Vendor: 0),
            cancellationToken
        );
        var few = await MeasureAsync(emulators, Few, cancellationToken);
        var many = await MeasureAsync(emulators, Many, cancellationToken);
        var perConnection = (many.Heap - few.Heap) / (Many - Few);
        return new Figure(Name, perConnection - many.Token, "bytes", Most)
        {
            Beside = new Dictionary<string, double> { ["token"] = many.Token, ["withToken"] = perConnection },
            Bars = [Bar.AtMost("bytes", perConnection - many.Token, Most)],
        };
    }

    private static async Task<(double Heap, double Token)> MeasureAsync(
        EmulatorProcess emulators,
        int connections,
        CancellationToken cancellationToken
    )
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var service = FarService.Create(emulators.Known, connections);
        await service.Sweep.RunAsync(
            service.Acronis,
            TimeProvider.System.GetUtcNow().AddMinutes(5),
            TimeSpan.Zero,
            cancellationToken
        );
        var after = GC.GetTotalMemory(forceFullCollection: true);
        var token = await service.TokenAsync(service.Connections[0]);
        GC.KeepAlive(service);
        return (after - before, StringBytes(token));
    }

    /// <summary>The object header, the method table, the length, and the terminating null character.</summary>
    private static double StringBytes(AccessToken token) => 8 + 8 + 4 + (2 * (token.Reveal().Length + 1));
}
