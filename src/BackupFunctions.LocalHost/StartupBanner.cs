using BackupFunctions.Connections;
using BackupFunctions.Renewal;
using BackupFunctions.Settings;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace BackupFunctions.LocalHost;

/// <summary>What is served, for the person at the console: a table of connections, and a line to copy for each.</summary>
internal static class StartupBanner
{
    public static void Write(LocalHostApp host, TextWriter output)
    {
        var directory = host.Services.GetRequiredService<ConnectionDirectory>();
        var options = host.Services.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value;
        var targets = directory.Vendors.SelectMany(directory.Of).ToList();
        var emulated = (host.Emulators?.Emulators ?? [])
            .Select(emulator => emulator.BaseAddress.Authority)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        List<string[]> rows = [.. targets.Select(target => RowOf(target, emulated))];
        if (output == Console.Out && !Console.IsOutputRedirected)
        {
            WriteTable(rows, output);
        }
        else
        {
            // Where nobody looks on, a start does not wait for what draws tables.
            rows.ForEach(row => output.WriteLine(string.Join("  ", row).TrimEnd()));
        }

        output.WriteLine(
            $"Vault: {options.VaultUri.AbsoluteUri.TrimEnd('/')}{(host.Emulators is null ? "" : " (embedded, emptied when this ends)")}"
        );
        if (!host.Services.GetRequiredService<RenewalOptions>().MaySpendRefreshTokens)
        {
            output.WriteLine(
                "A deployed app may own this vault: no timer runs, and no refresh token is spent. --own-the-vault changes that."
            );
        }

        output.WriteLine();
        foreach (var target in targets)
        {
            var connection =
                target.Key.Connection is ConnectionDirectory.DefaultName ? "" : $"/{target.Key.Connection}";
            output.WriteLine($"curl -s {host.Urls[0]}/api/GetToken/{target.Vendor.Name}{connection}");
        }

        output.WriteLine();
        output.WriteLine("Ctrl+C ends it.");
        output.Flush();
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
