using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

namespace BackupFunctions.Testing;

/// <summary>
/// A child process, started without a shell. Its standard input is a pipe that closes when this process exits for any
/// reason; the servers we start exit then, so that none is left behind.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);
    private readonly Process _process;
    private readonly string _name;
    private readonly Func<string, bool>? _keepsOut;
    private readonly OutputTail _output = new();
    private readonly Channel<string> _unread = Channel.CreateBounded<string>(
        new BoundedChannelOptions(OutputTail.MaxLines) { FullMode = BoundedChannelFullMode.DropOldest }
    );

    private readonly Task<int> _exit;

    private ChildProcess(ProcessStartInfo start, Func<string, bool>? keepsOut)
    {
        _name = Path.GetFileName(start.FileName) + " " + string.Join(' ', start.ArgumentList);
        _keepsOut = keepsOut;
        try
        {
            _process = Process.Start(start) ?? throw new InvalidOperationException($"{_name} did not start.");
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException(
                $"{_name} did not start: {start.FileName} is not installed, or not in PATH. CONTRIBUTING.md says what "
                    + "building and testing need.",
                exception
            );
        }

        Id = _process.Id;
        _exit = ReadToEndAsync();
    }

    public int Id { get; }

    /// <summary>The last lines of its output and errors.</summary>
    public string Output => _output.ToString();

    /// <summary>Completes with the exit code, when the process has exited and all its output is read.</summary>
    public Task<int> Exit => _exit;

    /// <summary>
    /// Starts a process. Its <paramref name="environment"/> adds to that of this process. A line for which
    /// <paramref name="keepsOut"/> returns true stays out of <see cref="Output"/>.
    /// </summary>
    public static ChildProcess Start(
        string fileName,
        IEnumerable<string> arguments,
        string workingDirectory,
        Func<string, bool>? keepsOut = null,
        IEnumerable<KeyValuePair<string, string>>? environment = null
    )
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(start, keepsOut);
    }

    /// <summary>The next line that contains the marker; skips the lines before it.</summary>
    /// <exception cref="InvalidOperationException">The process exited, or did not write the line in time.</exception>
    public async Task<string> ExpectAsync(string marker, TimeSpan within)
    {
        using var timeout = new CancellationTokenSource(within, TimeProvider.System);
        try
        {
            await foreach (var line in _unread.Reader.ReadAllAsync(timeout.Token))
            {
                if (line.Contains(marker, StringComparison.Ordinal))
                    return line;
            }
        }
        catch (OperationCanceledException e)
        {
            throw new InvalidOperationException(
                $"{_name} did not write '{marker}' within {within}. It wrote:\n{Output}",
                e
            );
        }

        throw new InvalidOperationException(
            $"{_name} exited with {await _exit} and did not write '{marker}'. It wrote:\n{Output}"
        );
    }

    /// <exception cref="InvalidOperationException">It no longer reads; the message includes its output.</exception>
    public async Task WriteLineAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"{_name} no longer reads. It wrote:\n{Output}", e);
        }
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Closes its standard input, and kills it with its children if it does not exit soon.</summary>
    public async Task StopAsync()
    {
        CloseInput();
        try
        {
            await _exit.WaitAsync(Grace, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Kill();
            await _exit;
        }
    }

    public void Kill()
    {
        if (!_exit.IsCompleted)
            _process.Kill(entireProcessTree: true);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private async Task<int> ReadToEndAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
        await _process.WaitForExitAsync();
        _unread.Writer.Complete();
        return _process.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (_keepsOut?.Invoke(line) == true)
                continue;
            _output.Add(line);
            _unread.Writer.TryWrite(line);
        }
    }
}
