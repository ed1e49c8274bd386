using System.Text;
using BackupFunctions.Check;
using BackupFunctions.Web;
using Spectre.Console;

namespace BackupFunctions.LocalHost;

/// <summary>Which form a check's report takes: JSON where it is asked for, a table at a terminal, else lines.</summary>
internal static class CheckOutput
{
    /// <summary>Checks, and shows how far it is where somebody looks on.</summary>
    public static async Task<CheckReport> CheckAsync(
        LocalHostApp host,
        CheckRequest request,
        TextWriter output,
        bool isJson,
        CancellationToken cancellationToken
    )
    {
        var doctor = host.Services.GetRequiredService<CheckRunner>();
        var console = Console(output);
        return isJson || !IsLive(console)
            ? await doctor.RunAsync(request, progress: null, cancellationToken)
            : await CheckScreen.ShowAsync(console, progress => doctor.RunAsync(request, progress, cancellationToken));
    }

    /// <summary>Writes the report, and says the exit status.</summary>
    public static async Task<int> WriteAsync(CheckReport report, TextWriter output, bool isJson)
    {
        var console = Console(output);
        if (isJson)
        {
            await output.WriteLineAsync(Encoding.UTF8.GetString(CheckJson.Write(report)));
        }
        else if (IsLive(console))
        {
            CheckTable.Write(report, console, output);
        }
        else
        {
            CheckLines.Write(report, output);
        }

        await output.FlushAsync();
        return report.ExitStatus;
    }

    private static IAnsiConsole Console(TextWriter output) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

    private static bool IsLive(IAnsiConsole console) =>
        console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;
}
