using Azure.Core;
using Azure.Core.Pipeline;

namespace BackupFunctions.Core.Tests.Storage;

/// <summary>A network that loses some answers: storage handles the request, but the client gets no answer.</summary>
internal sealed class LostAnswers : HttpPipelinePolicy
{
    private int _left;

    /// <summary>The number of answers still to lose.</summary>
    public int Left
    {
        get => Math.Max(0, Volatile.Read(ref _left));
        set => Volatile.Write(ref _left, value);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        if (Interlocked.Decrement(ref _left) >= 0)
            throw new IOException("The connection was reset.");
    }
}
