using System.Diagnostics;

namespace BackupFunctions.Benchmarks;

/// <summary>
/// Another process of this program, which runs a command that serves. It tells in a line where, and ends when its standard input does, as that
/// does however this program ends.
/// </summary>
internal sealed class ServingProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServingProcess(Process process) => _process = process;

    /// <summary>What it told.</summary>
    public string Told { get; private set; } = "";

    /// <summary>Starts it, and waits until it serves.</summary>
    /// <param name="command">The command's name and its arguments.</param>
    /// <param name="dropsErrors">Whether its standard error goes to where it costs neither a disk nor a terminal.</param>
    /// <param name="cancellationToken">Ends the wait, and the process.</param>
    public static async Task<ServingProcess> StartAsync(
        IEnumerable<string> command,
        bool dropsErrors,
        CancellationToken cancellationToken
    )
    {
        var program = Environment.ProcessPath!;
        var start = dropsErrors
            ? new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" 2> /dev/null", program, .. command])
            : new ProcessStartInfo(program, command);
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        var serving = new ServingProcess(Process.Start(start)!);
        try
        {
            serving.Told = await serving._process.StandardOutput.ReadLineAsync(cancellationToken)
                ?? throw new InvalidOperationException($"{string.Join(' ', command)} ended before it served.");
            return serving;
        }
        catch
        {
            await serving.DisposeAsync();
            throw;
        }
    }

    /// <summary>The other side, once it serves: tells so, and returns when it is to end.</summary>
    public static async Task ServeAsync(string told, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(told);
        await output.FlushAsync(cancellationToken);
        while (await Console.In.ReadLineAsync(cancellationToken) is not null)
        {
            // Whatever is written here means nothing; only its end does.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
