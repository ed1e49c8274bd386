namespace BackupFunctions.Emulators;

/// <summary>No reply, ever.</summary>
internal sealed class HangFault : Fault
{
    internal override async Task<Reply> ApplyAsync(HeldCall call, Func<Task<Reply>> answer)
    {
        await call.WaitAsync(Timeout.InfiniteTimeSpan);
        return new Reply(0) { Lost = true };
    }
}
