using BackupFunctions.Connections;
using BackupFunctions.LocalHost.Api;
using BackupFunctions.Renewal;
using BackupFunctions.Settings;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace BackupFunctions.LocalHost;

/// <summary>What the console shows at the start: the connections, where to look, and commands to copy.</summary>
internal static class StartupBanner
{
    /// <summary>The first sign of life, before anything that takes time.</summary>
    public static void WriteStarting(TextWriter output)
    {
        output.WriteLine("Starting …");
        output.Flush();
    }

    public static void Write(LocalHostApp host, TextWriter output)
    {
        var directory = host.Services.GetRequiredService<ConnectionDirectory>();
        WriteConnections(host, directory, output);
        WriteVault(host, output);
        output.WriteLine();
        output.WriteLine($"Status page: {host.Urls[0]}/api/status/page");
        output.WriteLine($"Try the API: {host.Urls[0]}{FrontPage.TryIt}");
        output.WriteLine();
        foreach (var command in ConnectionLines.CommandsOf(directory, host.Urls[0]))
        {
            output.WriteLine(command);
        }

        output.WriteLine();
        output.WriteLine("Press Ctrl+C to stop.");
        output.Flush();
    }

    private static void WriteConnections(LocalHostApp host, ConnectionDirectory directory, TextWriter output)
    {
        var emulated = (host.Emulators?.Emulators ?? [])
            .Select(emulator => emulator.BaseAddress.Authority)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        List<string[]> rows =
        [
            .. directory
                .Vendors.Select(directory.Of)
                .Where(connections => connections.Count > 0)
                .Select(connections => RowOf(connections, emulated)),
            .. directory.Misconfigured.Select(wrong =>
                new[] { wrong.Key.Vendor, wrong.Key.Connection, "not used", $"misconfigured: {wrong.Failure.Detail}" }
            ),
        ];
        if (output == Console.Out && !Console.IsOutputRedirected)
        {
            WriteTable(rows, output);
        }
        else
        {
            rows.ForEach(row => output.WriteLine(string.Join("  ", row).TrimEnd()));
        }
    }

    private static void WriteVault(LocalHostApp host, TextWriter output)
    {
        var vault = host.Services.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value.VaultUri;
        var note = host.Emulators is null ? "" : " (embedded, discarded on exit)";
        output.WriteLine($"Vault: {vault.AbsoluteUri.TrimEnd('/')}{note}");
        if (!host.Services.GetRequiredService<RenewalOptions>().MaySpendRefreshTokens)
        {
            output.WriteLine(
                "Timers and refresh tokens are off, in case a deployed app relies on this vault. "
                    + "Pass --own-the-vault if none does."
            );
        }
    }

    private static string[] RowOf(IReadOnlyList<Connection> connections, HashSet<string> emulated)
    {
        var apis = connections.Select(connection => connection.BaseUrl).Distinct().ToList();
        var isEmulated = apis.TrueForAll(api => api is not null && emulated.Contains(api.Authority));
        return
        [
            connections[0].Vendor.Name,
            ConnectionLines.Names(connections),
            apis is [var only] ? only?.AbsoluteUri.TrimEnd('/') ?? "not set" : $"{apis.Count} addresses",
            isEmulated ? "emulated" : "",
        ];
    }

    private static void WriteTable(List<string[]> rows, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Vendor", "Connections", "API", "");
        rows.ForEach(row => table.AddRow([.. row.Select(Markup.Escape)]));
        console.Write(table);
    }
}
