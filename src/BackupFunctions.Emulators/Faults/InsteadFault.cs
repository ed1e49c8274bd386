namespace BackupFunctions.Emulators;

/// <summary>A fixed reply; the request is not handled.</summary>
internal sealed class InsteadFault(Reply reply) : Fault
{
    internal override Task<Reply> ApplyAsync(HeldCall call, Func<Task<Reply>> answer) => Task.FromResult(reply);
}
