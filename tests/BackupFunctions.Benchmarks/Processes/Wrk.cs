using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace BackupFunctions.Benchmarks.Processes;

/// <summary>The load generator wrk (https://github.com/wg/wrk).</summary>
internal static partial class Wrk
{
    /// <summary>One thread keeps one core busy; on a machine with two, the other is left to the server.</summary>
    private const int Threads = 1;
    private const int Connections = 32;

    /// <summary>Sends as many requests as it can.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="duration">How long.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <param name="connections">How many requests are under way at any time.</param>
    /// <exception cref="InvalidOperationException">wrk is not installed, or not every answer was a 200.</exception>
    public static async Task<Result> RunAsync(
        Uri url,
        TimeSpan duration,
        CancellationToken cancellationToken,
        int connections = Connections
    )
    {
        using var process = Start($"-t{Threads} -c{connections} -d{duration.TotalSeconds}s --latency {url}");
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (
            process.ExitCode != 0
            || output.Contains("Non-2xx", StringComparison.Ordinal)
            || output.Contains("Socket errors", StringComparison.Ordinal)
        )
        {
            throw new InvalidOperationException($"wrk exited with {process.ExitCode}:\n{output}");
        }

        return new Result(
            Number(PerSecond().Match(output).Groups["number"].Value),
            Milliseconds(Median().Match(output)),
            Milliseconds(P99().Match(output))
        );
    }

    private static double Milliseconds(Match latency) =>
        Number(latency.Groups["number"].Value)
        * latency.Groups["unit"].Value switch
        {
            "us" => 0.001,
            "ms" => 1,
            _ => 1000,
        };

    private static Process Start(string arguments)
    {
        try
        {
            return Process.Start(
                new ProcessStartInfo("wrk", arguments) { UseShellExecute = false, RedirectStandardOutput = true }
            )!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException(
                "This figure needs wrk. On Debian and Ubuntu: apt-get install wrk",
                exception
            );
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+(?<number>[0-9.]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PerSecond();

    [GeneratedRegex(
        @"50%\s+(?<number>[0-9.]+)(?<unit>us|ms|s)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Median();

    [GeneratedRegex(
        @"99%\s+(?<number>[0-9.]+)(?<unit>us|ms|s)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex P99();

    /// <param name="PerSecond">Requests per second.</param>
    /// <param name="P50">The median of the latency, in milliseconds.</param>
    /// <param name="P99">The 99th percentile of the latency, in milliseconds.</param>
    internal sealed record Result(double PerSecond, double P50, double P99);
}
