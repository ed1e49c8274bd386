using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Calls;

/// <summary>
/// A request's body that can be sent once more if it is small. It is handed on as it arrives, and what was handed on is
/// kept until it exceeds the limit.
/// </summary>
internal sealed class ReplayableBody : Stream
{
    /// <summary>The longest body that is kept, in bytes.</summary>
    public const int Limit = 1024 * 1024;

    private readonly Stream _inner;
    private MemoryStream? _kept;
    private long _position;

    private ReplayableBody(Stream inner, bool keeps) => (_inner, _kept) = (inner, keeps ? new MemoryStream() : null);

    /// <summary>Whether all that was read so far can be read again.</summary>
    public bool CanReplay => _kept is not null;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Takes the place of a request's body.</summary>
    public static ReplayableBody Of(HttpRequest request)
    {
        var body = new ReplayableBody(request.Body, keeps: !(request.ContentLength > Limit));
        request.Body = body;
        return body;
    }

    /// <summary>Starts from the beginning.</summary>
    /// <exception cref="InvalidOperationException">It was too long to be kept.</exception>
    public void Rewind() =>
        _position = CanReplay ? 0 : throw new InvalidOperationException("The body was too long to be kept.");

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_kept is not null && _position < _kept.Length)
        {
            _kept.Position = _position;
            var again = await _kept.ReadAsync(buffer, cancellationToken);
            _position += again;
            return again;
        }

        var read = await _inner.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..read]);
        _position += read;
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Keep(ReadOnlySpan<byte> read)
    {
        if (_kept is null)
        {
            return;
        }

        if (_kept.Length + read.Length > Limit)
        {
            _kept = null;
            return;
        }

        _kept.Position = _kept.Length;
        _kept.Write(read);
    }
}
