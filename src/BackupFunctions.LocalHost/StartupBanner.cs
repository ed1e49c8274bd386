using BackupFunctions.Connections;
using BackupFunctions.Renewal;
using BackupFunctions.Settings;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace BackupFunctions.LocalHost;

/// <summary>What the console shows at the start: a table of connections, and a command to copy for each.</summary>
internal static class StartupBanner
{
    public static void Write(LocalHostApp host, TextWriter output)
    {
        var directory = host.Services.GetRequiredService<ConnectionDirectory>();
        var targets = directory.Vendors.SelectMany(directory.Of).ToList();
        WriteConnections(host, targets, output);
        WriteVault(host, output);
        output.WriteLine();
        foreach (var target in targets)
        {
            var name = target.Key.Connection;
            var connection = name == ConnectionDirectory.DefaultName ? "" : $"/{name}";
            output.WriteLine($"curl -s {host.Urls[0]}/api/GetToken/{target.Vendor.Name}{connection}");
        }

        output.WriteLine();
        output.WriteLine("Press Ctrl+C to stop.");
        output.Flush();
    }

    private static void WriteConnections(LocalHostApp host, List<Connection> targets, TextWriter output)
    {
        var emulated = (host.Emulators?.Emulators ?? [])
            .Select(emulator => emulator.BaseAddress.Authority)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var misconfigured = host.Services.GetRequiredService<ConnectionDirectory>().Misconfigured;
        List<string[]> rows =
        [
            .. targets.Select(target => RowOf(target, emulated)),
            .. misconfigured.Select(wrong =>
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

    private static string[] RowOf(Connection target, HashSet<string> emulated)
    {
        var api = target.BaseUrl;
        return
        [
            target.Vendor.Name,
            target.Key.Connection,
            api?.AbsoluteUri.TrimEnd('/') ?? "not set",
            api is not null && emulated.Contains(api.Authority) ? "emulated" : "",
        ];
    }

    private static void WriteTable(List<string[]> rows, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Vendor", "Connection", "API", "");
        rows.ForEach(row => table.AddRow([.. row.Select(Markup.Escape)]));
        console.Write(table);
    }
}
