namespace BackupFunctions.Emulators;

/// <summary>A count that can be awaited, so that a test waits for an event instead of sleeping.</summary>
internal sealed class Milestones
{
    private readonly Lock _gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Increment()
    {
        lock (_gate)
        {
            _count++;
            foreach (var (_, reached) in _waiting.FindAll(waiting => waiting.Count <= _count))
                reached.TrySetResult();
            _waiting.RemoveAll(waiting => waiting.Count <= _count);
        }
    }

    public Task WaitForAsync(int count, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_count >= count)
                return Task.CompletedTask;

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }
}
