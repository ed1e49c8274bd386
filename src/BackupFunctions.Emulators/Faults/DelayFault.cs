namespace BackupFunctions.Emulators;

/// <summary>The true reply, later.</summary>
internal sealed class DelayFault(TimeSpan delay) : Fault
{
    internal override async Task<Reply> ApplyAsync(HeldCall call, Func<Task<Reply>> answer)
    {
        await call.WaitAsync(delay);
        return await answer();
    }
}
