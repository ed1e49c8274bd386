using System.IO.Compression;

namespace BackupFunctions.Emulators;

/// <summary>Valid replies that are too long to read to the end.</summary>
internal static class OversizeBody
{
    private static readonly byte[] Padding = [.. Enumerable.Repeat((byte)'a', 64 * 1024)];

    public static Reply Plain(long bytes) =>
        Json((stream, cancellationToken) => WriteAsync(stream, bytes, cancellationToken));

    public static Reply Gzip(long bytes) =>
        Json((stream, cancellationToken) => CompressAsync(stream, bytes, cancellationToken))
            .WithHeader("Content-Encoding", "gzip");

    private static Reply Json(Func<Stream, CancellationToken, Task> body) =>
        new(StatusCodes.Status200OK) { ContentType = "application/json", Stream = body };

    private static async Task CompressAsync(Stream stream, long bytes, CancellationToken cancellationToken)
    {
        await using var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        await WriteAsync(gzip, bytes, cancellationToken);
    }

    private static async Task WriteAsync(Stream stream, long bytes, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(
            "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\""u8.ToArray(),
            cancellationToken
        );
        for (var left = bytes; left > 0; left -= Padding.Length)
        {
            await stream.WriteAsync(Padding.AsMemory(0, (int)Math.Min(left, Padding.Length)), cancellationToken);
        }

        await stream.WriteAsync("\"}"u8.ToArray(), cancellationToken);
    }
}
