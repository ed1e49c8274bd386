namespace BackupFunctions.Emulators;

/// <summary>One fault around another.</summary>
internal sealed class BothFault(Fault outer, Fault inner) : Fault
{
    internal override Task<Reply> ApplyAsync(HeldCall call, Func<Task<Reply>> answer) =>
        outer.ApplyAsync(call, () => inner.ApplyAsync(call, answer));
}
