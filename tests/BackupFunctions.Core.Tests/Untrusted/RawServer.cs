using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BackupFunctions.Core.Tests.Untrusted;

/// <summary>A server that answers whatever bytes a test likes, as no well-behaved server would.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _serving;

    public RawServer(Func<Stream, CancellationToken, Task> answer)
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/token");
        _serving = ServeAsync(answer);
    }

    public Uri Address { get; }

    /// <summary>The heads of the requests that came.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public static Func<Stream, CancellationToken, Task> Answering(string head, params byte[] body) =>
        async (stream, cancellation) =>
        {
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nContent-Length: {body.Length}\r\n\r\n"),
                cancellation
            );
            await stream.WriteAsync(body, cancellation);
        };

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync(Func<Stream, CancellationToken, Task> answer)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await using var stream = client.GetStream();
                _requests.Enqueue(await ReadRequestAsync(stream, _stopping.Token));
                await answer(stream, _stopping.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // The client left, or the test is over.
            }
        }
    }

    private static async Task<string> ReadRequestAsync(Stream stream, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, cancellation);
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            var request = text.ToString();
            var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (read == 0 || (end >= 0 && request.Length - end - 4 >= LengthOf(request[..end])))
            {
                return end < 0 ? request : request[..end];
            }
        }
    }

    private static int LengthOf(string head) =>
        head.Split("\r\n")
            .FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            is { } line
            ? int.Parse(
                line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1),
                System.Globalization.CultureInfo.InvariantCulture
            )
            : 0;
}
