namespace BackupFunctions.Emulators;

/// <summary>
/// The true reply, byte by byte: a client that only limits the silence between two bytes keeps waiting.
/// </summary>
internal sealed class DripFault(TimeSpan interval) : Fault
{
    internal override async Task<Reply> ApplyAsync(HeldCall call, Func<Task<Reply>> answer)
    {
        var reply = await answer();
        return reply with { Stream = (stream, _) => DripAsync(call, reply.Body, stream) };
    }

    private async Task DripAsync(HeldCall call, ReadOnlyMemory<byte> body, Stream stream)
    {
        for (var sent = 0; sent < body.Length; sent++)
        {
            if (sent > 0)
                await call.WaitAsync(interval);
            await stream.WriteAsync(body.Slice(sent, 1), call.Left);
            await stream.FlushAsync(call.Left);
        }
    }
}
