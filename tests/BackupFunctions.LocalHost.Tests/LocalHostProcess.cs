using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>LocalHost as a process.</summary>
internal static class LocalHostProcess
{
    /// <summary>Far longer than a start takes on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Starts it with arguments, and with settings as environment variables.</summary>
    public static ChildProcess Start(
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? settings = null
    ) =>
        ChildProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "BackupFunctions.LocalHost.dll"), .. arguments],
            AppContext.BaseDirectory,
            environment: settings?.Select(setting =>
                KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value)
            )
        );

    /// <summary>Waits for its banner, and returns its address.</summary>
    public static async Task<Uri> ServesAtAsync(ChildProcess process)
    {
        var line = await process.ExpectAsync("curl -s ", Patience);
        return new Uri(
            line[(line.IndexOf("http", StringComparison.Ordinal))..line.IndexOf("/api/", StringComparison.Ordinal)]
        );
    }

    /// <summary>Runs it until it exits.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? settings = null
    )
    {
        await using var process = Start(arguments, settings);
        var exitCode = await process.Exit.WaitAsync(Patience);
        return (exitCode, process.Output);
    }
}
