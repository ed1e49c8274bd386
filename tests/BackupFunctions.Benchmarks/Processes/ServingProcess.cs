using System.Diagnostics;

namespace BackupFunctions.Benchmarks.Processes;

/// <summary>
/// Another process of this program, which runs a command that serves. Its first line of output says where. It stops
/// when its standard input closes, which happens however this program ends.
/// </summary>
internal sealed class ServingProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServingProcess(Process process) => _process = process;

    /// <summary>The first line of its output: where it serves.</summary>
    public string FirstLine { get; private set; } = "";

    /// <summary>The most memory that it ever had, in MB.</summary>
    public double PeakMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64 / 1048576d;
        }
    }

    /// <summary>Starts it and waits until it serves.</summary>
    /// <param name="command">The command's name and its arguments.</param>
    /// <param name="cancellationToken">Cancels the wait and stops the process.</param>
    public static async Task<ServingProcess> StartAsync(
        IEnumerable<string> command,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, command);
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        var serving = new ServingProcess(Process.Start(start)!);
        try
        {
            serving.FirstLine = await serving._process.StandardOutput.ReadLineAsync(cancellationToken)
                ?? throw new InvalidOperationException($"{string.Join(' ', command)} ended before it served.");
            return serving;
        }
        catch
        {
            await serving.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Called in the other process once it serves: writes the first line, and returns when it should stop.
    /// </summary>
    public static async Task ServeAsync(string firstLine, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(firstLine);
        await output.FlushAsync(cancellationToken);
        while (await Console.In.ReadLineAsync(cancellationToken) is not null)
        {
            // The content means nothing; only the end of the input does.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
