using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace BackupFunctions.Emulators;

/// <summary>
/// Removes the Date header from the bytes of a connection, because Kestrel cannot be configured to omit it.
/// </summary>
internal sealed class UndatedReplies
{
    private bool _expected;

    public static ConnectionDelegate Middleware(ConnectionDelegate next) =>
        async connection =>
        {
            var replies = new UndatedReplies();
            connection.Features.Set(replies);
            connection.Transport = new Duplex(connection.Transport, replies);
            await next(connection);
        };

    /// <summary>The next reply of this connection is sent without its Date.</summary>
    public void Expect() => _expected = true;

    /// <summary>The bytes to send instead of these, which start with a reply's head if one is expected.</summary>
    private ReadOnlyMemory<byte> Filter(ReadOnlyMemory<byte> bytes)
    {
        if (!_expected)
            return bytes;

        var start = bytes.Span.IndexOf("\r\nDate: "u8);
        if (start < 0)
            return bytes;

        _expected = false;
        var end = start + 2 + bytes.Span[(start + 2)..].IndexOf("\r\n"u8);
        return (byte[])[.. bytes[..start].Span, .. bytes[end..].Span];
    }

    private sealed class Duplex(IDuplexPipe inner, UndatedReplies replies) : IDuplexPipe
    {
        public PipeReader Input => inner.Input;

        public PipeWriter Output { get; } = PipeWriter.Create(new Filtered(inner.Output.AsStream(), replies));
    }

    private sealed class Filtered(Stream inner, UndatedReplies replies) : WriteOnlyStream
    {
        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => inner.WriteAsync(replies.Filter(buffer), cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
