namespace BackupFunctions.Simulation;

/// <summary>
/// Runs the code of one instance after each await in its own event on the timeline, or not at all once the instance is
/// dead. Because every await is an event boundary, an instance can be killed at any of them.
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
        throw new NotSupportedException("The simulation must not block.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs code of the instance at once.</summary>
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
    /// Runs library code without a context, so that it continues inline on this thread. With a context,
    /// <c>ConfigureAwait(false)</c> would switch to the thread pool.
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
