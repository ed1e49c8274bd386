using Azure.Core;
using Azure.Core.Pipeline;

namespace BackupFunctions.AzureSdk;

/// <summary>
/// Asks before each request that writes whether it may still be sent, those too that the client repeats by itself: a
/// process may be paused between two of them for longer than it holds the refresh lock. Asked as the body is written,
/// when the connection exists: as late as possible, because a vault knows no conditional write (docs/adr/0008).
/// </summary>
internal sealed class WriteGuard : HttpPipelinePolicy
{
    private const string Property = "BackupFunctions.EnsureMayWrite";

    /// <summary>The guard of all requests with a body that are sent before it is disposed.</summary>
    /// <param name="ensureMayWrite">Throws to prevent the request.</param>
    public static IDisposable Begin(Action ensureMayWrite) =>
        HttpPipeline.CreateHttpMessagePropertiesScope(
            new Dictionary<string, object?>(StringComparer.Ordinal) { [Property] = ensureMayWrite }
        );

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Guard(message);
        ProcessNext(message, pipeline);
    }

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Guard(message);
        return ProcessNextAsync(message, pipeline);
    }

    private static void Guard(HttpMessage message)
    {
        if (
            message.Request.Content is { } content and not GuardedContent
            && message.TryGetProperty(Property, out var found)
            && found is Action ensureMayWrite
        )
        {
            message.Request.Content = new GuardedContent(content, ensureMayWrite);
        }
    }

    private sealed class GuardedContent(RequestContent content, Action ensureMayWrite) : RequestContent
    {
        public override bool TryComputeLength(out long length) => content.TryComputeLength(out length);

        public override void WriteTo(Stream stream, CancellationToken cancellation)
        {
            ensureMayWrite();
            content.WriteTo(stream, cancellation);
        }

        public override Task WriteToAsync(Stream stream, CancellationToken cancellation)
        {
            ensureMayWrite();
            return content.WriteToAsync(stream, cancellation);
        }

        public override void Dispose() => content.Dispose();
    }
}
