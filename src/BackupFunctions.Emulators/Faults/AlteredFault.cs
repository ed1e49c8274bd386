namespace BackupFunctions.Emulators;

/// <summary>The request is handled and its reply altered.</summary>
internal sealed class AlteredFault(Func<Reply, Reply> alter) : Fault
{
    internal override async Task<Reply> ApplyAsync(HeldCall call, Func<Task<Reply>> answer) => alter(await answer());
}
