using System.Text;

namespace BackupFunctions.LocalHost.Log;

/// <summary>
/// Writes what is appended from any thread, in order, on a thread of its own: what comes within a moment in one go, because each write of
/// its own costs more than a request. Nothing is dropped but what the output refuses: whoever is too fast for it waits.
/// </summary>
internal sealed class BatchedWriter : IDisposable
{
    /// <summary>Some thousand lines.</summary>
    public const int MostWaiting = 1 << 20;

    /// <summary>How long the end waits for an output that is held up, as a stopped terminal is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TextWriter _output;
    private readonly TimeSpan _moment;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private StringBuilder _waiting = new();
    private StringBuilder _written = new();
    private bool _isUrgent;
    private bool _isClosed;

    /// <param name="output">Where to write.</param>
    /// <param name="moment">How long to wait for more.</param>
    public BatchedWriter(TextWriter output, TimeSpan moment)
    {
        _output = output;
        _moment = moment;
        _thread = new Thread(Run) { IsBackground = true, Name = "Log" };
        _thread.Start();
    }

    /// <summary>Appends a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isUrgent">Whether it is written at once, with what was appended before it.</param>
    public void Append(StringBuilder text, bool isUrgent)
    {
        lock (_gate)
        {
            while (_waiting.Length >= MostWaiting && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            var (wasEmpty, wasUrgent) = (_waiting.Length == 0, _isUrgent);
            _waiting.Append(text);
            _isUrgent |= isUrgent || _waiting.Length >= MostWaiting;
            if (wasEmpty || (_isUrgent && !wasUrgent))
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Writes what is left, if the output takes it in a moment, and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join(Patience);
    }

    private void Run()
    {
        while (TakeBatch() is { } batch)
        {
            try
            {
                foreach (var chunk in batch.GetChunks())
                {
                    _output.Write(chunk.Span);
                }

                _output.Flush();
            }
            catch (IOException)
            {
                // The disk is full, or the terminal gone: no reason to end the host, which may hold a token that no vault has yet.
            }

            batch.Clear();
        }
    }

    /// <summary>What is to be written next; null at the end.</summary>
    private StringBuilder? TakeBatch()
    {
        lock (_gate)
        {
            while (_waiting.Length == 0)
            {
                if (_isClosed)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }

            if (!_isUrgent && !_isClosed)
            {
                Monitor.Wait(_gate, _moment);
            }

            _isUrgent = false;
            (_waiting, _written) = (_written, _waiting);
            Monitor.PulseAll(_gate);
            return _written;
        }
    }
}
