namespace BackupFunctions.Emulators;

/// <summary>A call that a fault can hold until its client disconnects.</summary>
internal sealed class HeldCall(TimeProvider time, Milestones held, CancellationToken left)
{
    public CancellationToken Left => left;

    public async Task WaitAsync(TimeSpan delay)
    {
        // The timer starts before the milestone, so that a test may advance its clock as soon as it sees the call held.
        var wait = Task.Delay(delay, time, left);
        held.Increment();
        await wait;
    }
}
