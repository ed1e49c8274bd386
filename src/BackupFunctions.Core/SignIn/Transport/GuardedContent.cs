using System.Net;

namespace BackupFunctions.SignIn.Transport;

/// <summary>
/// A body that asks whether it may be sent as it is written, when the connection exists: as late as possible, because a
/// process may be paused at any moment for longer than it holds the refresh lock (docs/adr/0008).
/// </summary>
internal sealed class GuardedContent : HttpContent
{
    private readonly HttpContent _content;
    private readonly Action _ensureMaySend;

    /// <summary>Guards a body.</summary>
    /// <param name="content">The body.</param>
    /// <param name="ensureMaySend">Throws to prevent the request.</param>
    public GuardedContent(HttpContent content, Action ensureMaySend)
    {
        (_content, _ensureMaySend) = (content, ensureMaySend);
        foreach (var (name, values) in content.Headers)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _ensureMaySend();
        return _content.CopyToAsync(stream, context);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _content.Headers.ContentLength ?? 0;
        return _content.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
