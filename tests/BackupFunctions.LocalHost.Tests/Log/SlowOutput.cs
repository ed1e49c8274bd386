using System.Text;

namespace BackupFunctions.LocalHost.Tests.Log;

/// <summary>An output that tells its batches apart, and can be held up or fail.</summary>
internal sealed class SlowOutput : TextWriter
{
    private readonly List<string> _batches = [];
    private readonly StringBuilder _batch = new();
    private readonly ManualResetEventSlim _goesOn = new(initialState: true);
    private readonly ManualResetEventSlim _isHeld = new();
    private readonly TaskCompletionSource _flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>What was written between flushes.</summary>
    public IReadOnlyList<string> Batches => _batches;

    /// <summary>Completes with the first flush.</summary>
    public Task Flushed => _flushed.Task;

    /// <summary>How many writes fail from now on.</summary>
    public int Failures { get; set; }

    public void Hold() => _goesOn.Reset();

    public void WaitUntilHeld() => _isHeld.Wait();

    public void Release() => _goesOn.Set();

    public override void Write(char value) => _batch.Append(value);

    public override void Write(ReadOnlySpan<char> buffer)
    {
        _isHeld.Set();
        _goesOn.Wait();
        if (Failures > 0)
        {
            Failures--;
            throw new IOException("No space left on device");
        }

        _batch.Append(buffer);
    }

    public override void Flush()
    {
        _batches.Add(_batch.ToString());
        _batch.Clear();
        _flushed.TrySetResult();
    }

    public override string ToString() => string.Concat(_batches);

    protected override void Dispose(bool disposing)
    {
        _goesOn.Dispose();
        _isHeld.Dispose();
        base.Dispose(disposing);
    }
}
