using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using BackupFunctions.Core.Tests.Fakes;

namespace BackupFunctions.Core.Tests.Storage;

/// <summary>A client's requests to storage, each once however often it was retried.</summary>
internal sealed class StorageRequests : HttpPipelinePolicy
{
    private readonly ConcurrentQueue<string> _ended = new();
    private int _underWay;

    /// <summary>Each request and its result, such as <c>renew 200</c>; status 0 if there was no answer.</summary>
    public IReadOnlyList<string> Ended => [.. _ended];

    /// <summary>Whether storage is unreachable.</summary>
    public bool IsCut { get; set; }

    /// <summary>Holds the next reply; null for none.</summary>
    public HeldCall? HoldsReply { get; set; }

    public int UnderWay => Volatile.Read(ref _underWay);

    public int Count(string request) => _ended.Count(ended => ended == request);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            if (IsCut)
            {
                throw new RequestFailedException("The line is cut.");
            }

            await ProcessNextAsync(message, pipeline);
            if (HoldsReply is { } held)
            {
                HoldsReply = null;
                await held.EnterAsync();
            }
        }
        finally
        {
            _ended.Enqueue($"{NameOf(message.Request)} {(message.HasResponse ? message.Response.Status : 0)}");
            Interlocked.Decrement(ref _underWay);
        }
    }

    private static string NameOf(Request request) =>
        request.Headers.TryGetValue("x-ms-lease-action", out var action) ? action!
        : request.Uri.Query.Contains("restype=container", StringComparison.Ordinal) ? "create container"
        : "create blob";
}
