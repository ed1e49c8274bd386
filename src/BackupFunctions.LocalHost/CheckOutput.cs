using System.Text;
using BackupFunctions.Check;
using BackupFunctions.Web;
using Spectre.Console;

namespace BackupFunctions.LocalHost;

/// <summary>Writes a report as JSON on request, as a table to a terminal, and otherwise as lines.</summary>
internal static class CheckOutput
{
    /// <summary>Runs a check, and shows its progress on a terminal.</summary>
    public static async Task<CheckReport> CheckAsync(
        LocalHostApp host,
        CheckRequest request,
        TextWriter output,
        bool isJson,
        CancellationToken cancellationToken
    )
    {
        var runner = host.Services.GetRequiredService<CheckRunner>();
        var console = Console(output);
        return isJson || !IsLive(console)
            ? await runner.RunAsync(request, progress: null, cancellationToken)
            : await CheckScreen.ShowAsync(console, progress => runner.RunAsync(request, progress, cancellationToken));
    }

    /// <summary>Writes the report and returns the exit status.</summary>
    public static async Task<int> WriteAsync(CheckReport report, TextWriter output, bool isJson, bool problemsOnly)
    {
        var console = Console(output);
        if (isJson)
        {
            await output.WriteLineAsync(Encoding.UTF8.GetString(CheckJson.Write(report, problemsOnly)));
        }
        else if (IsLive(console))
        {
            CheckTable.Write(report, problemsOnly, console, output);
        }
        else
        {
            CheckLines.Write(report, problemsOnly, output);
        }

        await output.FlushAsync();
        return report.ExitStatus;
    }

    private static IAnsiConsole Console(TextWriter output) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

    private static bool IsLive(IAnsiConsole console) =>
        console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;
}
