using BackupFunctions.Benchmarks.Processes;

namespace BackupFunctions.Benchmarks;

/// <summary>
/// <c>start-to-first-token</c>: the time from the start of the published LocalHost to its first token, which is in the
/// vault as after any restart; compared with an empty ASP.NET Core app that is published the same way, to its first
/// reply.
/// </summary>
internal static class StartFigure
{
    public const string Name = "start-to-first-token";

    private const int Pairs = 15;
    private const string Connection = "c0";

    public static async Task<Figure> MeasureAsync(CancellationToken cancellationToken)
    {
        var host = await PublishedApp.PublishAsync(Path.Combine("src", "BackupFunctions.LocalHost"), cancellationToken);
        var empty = await PublishedApp.PublishAsync(
            Path.Combine("tests", "BackupFunctions.EmptyApp"),
            cancellationToken
        );
        await using var emulators = await EmulatorProcess.StartAsync(
            connections: 1,
            new EmulatorProcess.Latencies(Vault: 0, Vendor: 0),
            cancellationToken
        );
        var settings = Settings(emulators.Known);

        // The first start signs in, and reads the files of both programs from disk.
        var signIn = await host.TimeToFirstReplyAsync(
            $"/api/GetToken/acronis/{Connection}",
            settings,
            cancellationToken
        );
        await empty.TimeToFirstReplyAsync("/", [], cancellationToken);
        var (starts, emptyStarts) = (new List<double>(), new List<double>());
        for (var pair = 0; pair < Pairs; pair++)
        {
            starts.Add(
                await host.TimeToFirstReplyAsync($"/api/GetToken/acronis/{Connection}", settings, cancellationToken)
            );
            emptyStarts.Add(await empty.TimeToFirstReplyAsync("/", [], cancellationToken));
        }

        var (start, emptyStart) = (Median.Of(starts), Median.Of(emptyStarts));
        return new Figure(Name, start, "ms", emptyStart)
        {
            Beside = new Dictionary<string, double> { ["firstOfAll"] = signIn },
            Bars = [Bar.AtMost("ratio", start / emptyStart, 1.8)],
        };
    }

    private static Dictionary<string, string> Settings(EmulatorProcess.Addresses emulators) =>
        new()
        {
            ["KeyVault__VaultUri"] = emulators.Vault.AbsoluteUri,
            [$"Connections__Acronis__{Connection}__DataCenterUrl"] = emulators.Acronis.AbsoluteUri,
            [$"Connections__Acronis__{Connection}__ClientId"] = emulators.ClientId,
        };
}
