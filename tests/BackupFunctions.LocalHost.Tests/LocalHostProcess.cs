using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>LocalHost as the program that people start.</summary>
internal static class LocalHostProcess
{
    /// <summary>Far more than a start takes on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Starts it with arguments, and settings as environment variables.</summary>
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

    /// <summary>Where it serves, once it says so.</summary>
    public static async Task<Uri> ServesAtAsync(ChildProcess process)
    {
        var line = await process.ExpectAsync("curl -s ", Patience);
        return new Uri(
            line[(line.IndexOf("http", StringComparison.Ordinal))..line.IndexOf("/api/", StringComparison.Ordinal)]
        );
    }

    /// <summary>Runs it to its end.</summary>
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
