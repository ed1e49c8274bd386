using System.Text;
using System.Text.Json;
using BackupFunctions.Testing;

namespace BackupFunctions.Samples.Tests.PowerShell;

/// <summary>
/// A PowerShell that runs script after script: the one that the repository's tool manifest names, or the one that the
/// environment variable POWERSHELL names, which may be Windows PowerShell.
/// </summary>
public sealed class PowerShellSession : IAsyncLifetime
{
    private const string Marker = "reply:";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PatienceWithRegistry = TimeSpan.FromMinutes(5);
    private ChildProcess? _process;

    public static string Module { get; } = Path.Combine(Repository.Root, "samples", "powershell", "BackupTokens");

    private static string Script =>
        Path.Combine(Repository.Root, "tests", "BackupFunctions.Samples.Tests", "PowerShell", "session.ps1");

    public async ValueTask InitializeAsync()
    {
        string[] arguments =
        [
            "-NoProfile",
            "-NonInteractive",
            .. OperatingSystem.IsWindows() ? ["-ExecutionPolicy", "Bypass"] : Array.Empty<string>(),
            "-File",
            Script,
            Module,
        ];
        if (Environment.GetEnvironmentVariable("POWERSHELL") is { Length: > 0 } named)
        {
            _process = Start(named, arguments);
            return;
        }

        await using var restore = Start("dotnet", ["tool", "restore"]);
        if (await restore.Exit.WaitAsync(PatienceWithRegistry) != 0)
            throw new InvalidOperationException($"dotnet tool restore failed. It wrote:\n{restore.Output}");
        _process = Start("dotnet", ["tool", "run", "pwsh", "--", .. arguments]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    internal async Task<PowerShellReply> RunAsync(string script)
    {
        await _process!.WriteLineAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(script)));
        var line = await _process.ExpectAsync(Marker, Patience);
        var json = Convert.FromBase64String(line[(line.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length)..]);
        return JsonSerializer.Deserialize<PowerShellReply>(json)!;
    }

    private static ChildProcess Start(string program, IEnumerable<string> arguments) =>
        ChildProcess.Start(
            program,
            arguments,
            Repository.Root,
            environment:
            [
                new("POWERSHELL_TELEMETRY_OPTOUT", "1"),
                new("POWERSHELL_UPDATECHECK", "Off"),
                new("NO_COLOR", "1"),
            ]
        );
}
