namespace BackupFunctions.Simulation;

/// <summary>
/// Where the code of one instance goes on after an await: in an event of its own on the timeline, and nowhere once the instance
/// is dead. That every await is an event boundary is what lets an instance be killed at any of them.
/// </summary>
internal sealed class InstanceContext(Timeline timeline, Func<bool> isAlive) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => timeline.In(TimeSpan.Zero, () =>
        {
            if (isAlive())
            {
                Run(() => d(state));
            }
        });

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing here may block.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs code of the instance now.</summary>
    public void Run(Action code)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            code();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>
    /// Runs code of libraries, which goes on wherever its answers come in: without a context that is inline, on this thread. With
    /// one set, its <c>ConfigureAwait(false)</c> would hop to the thread pool.
    /// </summary>
    public static T Outside<T>(Func<T> call)
    {
        var before = Current;
        SetSynchronizationContext(null);
        try
        {
            return call();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
