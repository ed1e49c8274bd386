namespace BackupFunctions.Emulators;

/// <summary>A call that a fault may keep waiting, until its client leaves.</summary>
internal sealed class HeldCall(TimeProvider time, Milestones held, CancellationToken left)
{
    public CancellationToken Left => left;

    public async Task WaitAsync(TimeSpan delay)
    {
        // The timer is set before the milestone, so that a test may turn its clock as soon as it sees the call held.
        var wait = Task.Delay(delay, time, left);
        held.Increment();
        await wait;
    }
}
