using BackupFunctions.Settings;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace BackupFunctions.LocalHost;

/// <summary>What is served, for the person at the console: a table of connections, and a line to copy for each.</summary>
internal static class StartTable
{
    public static void Write(LocalHostApp host, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var directory = host.Services.GetRequiredService<ConnectionDirectory>();
        var options = host.Services.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value;
        var targets = directory.Vendors.SelectMany(directory.Of).ToList();
        var emulated = (host.Emulators?.Emulators ?? []).Select(emulator => emulator.BaseAddress.Authority).ToHashSet(StringComparer.OrdinalIgnoreCase);

        var table = new Table().Border(TableBorder.Rounded).AddColumns("Vendor", "Connection", "API", "");
        foreach (var target in targets)
        {
            var api = target.Connection.BaseUrl;
            table.AddRow(
                target.Vendor.Name,
                target.Connection.Key.Connection,
                Markup.Escape(api?.AbsoluteUri.TrimEnd('/') ?? "not set"),
                api is not null && emulated.Contains(api.Authority) ? "emulated" : "");
        }

        console.Write(table);
        console.WriteLine($"Vault: {options.VaultUri.AbsoluteUri.TrimEnd('/')}{(host.Emulators is null ? "" : " (embedded, emptied when this ends)")}");
        if (!host.Services.GetRequiredService<RenewalOptions>().MaySpendRefreshTokens)
        {
            console.WriteLine("A deployed app may own this vault: no timer runs, and no refresh token is spent. --own-the-vault changes that.");
        }

        output.WriteLine();
        foreach (var target in targets)
        {
            // Written past the console, so that no line is broken at its width and each can be copied whole.
            var connection = target.Connection.Key.Connection is ConnectionDirectory.DefaultName ? "" : $"/{target.Connection.Key.Connection}";
            output.WriteLine($"curl -s {host.Urls[0]}/api/GetToken/{target.Vendor.Name}{connection}");
        }

        output.WriteLine();
        output.WriteLine("Ctrl+C ends it.");
        output.Flush();
    }
}
