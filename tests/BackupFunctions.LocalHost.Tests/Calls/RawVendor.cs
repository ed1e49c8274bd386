using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Calls;

/// <summary>
/// A vendor's server that shows requests to its API byte by byte and answers them with any bytes. It issues the tokens
/// t1, t2 and so on at <c>POST /token</c>.
/// </summary>
internal sealed class RawVendor : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly Func<string, NetworkStream, Task> _answer;
    private readonly Task _accepting;
    private int _tokens;

    /// <param name="answer">Answers a call of the API, given its head and body.</param>
    public RawVendor(Func<string, NetworkStream, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Answers each call of the API with the same bytes.</summary>
    public static RawVendor Saying(string reply) => new((_, stream) => WriteAsync(stream, reply));

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The calls of the API, as they came.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>How many tokens were issued.</summary>
    public int Tokens => Volatile.Read(ref _tokens);

    /// <summary>The settings of a declared vendor at this server, with one connection.</summary>
    public Dictionary<string, string> Settings(params (string Key, string Value)[] further)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Vendors__Northwind__Server"] = $"http://127.0.0.1:{Port}",
            ["Vendors__Northwind__TokenPath"] = "token",
            ["Vendors__Northwind__Api"] = $"http://127.0.0.1:{Port}/base",
            ["Vendors__Northwind__Headers__x-api-version"] = "2",
            ["Vendors__Northwind__RejectedStatuses"] = "401,403",
            ["Connections__Northwind__default__ClientId"] = "portal",
            ["EmbeddedVault__Secrets__northwind_default_client_secret"] = SuiteLog.Guard("the-secret-of-northwind"),
        };
        foreach (var (key, value) in further)
            settings[key] = value;
        return settings;
    }

    public static Task WriteAsync(NetworkStream stream, string text) =>
        stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    /// <summary>A whole reply, after which the connection stays open.</summary>
    public static string Reply(int status, string body = "", string headers = "") =>
        $"HTTP/1.1 {status} X\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await ReadAsync(stream) is { } request)
                {
                    if (request.StartsWith("POST /token ", StringComparison.Ordinal))
                    {
                        var token = SuiteLog.Guard($"token-number-{Interlocked.Increment(ref _tokens)}-of-northwind");
                        var body = $$"""{"access_token":"{{token}}","expires_in":3600}""";
                        await WriteAsync(stream, Reply(200, body, "Content-Type: application/json\r\n"));
                    }
                    else
                    {
                        _calls.Enqueue(request);
                        await _answer(request, stream);
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The other side is gone, or the test is over.
            }
        }
    }

    /// <summary>A request's head, with its body if its length is stated or it is chunked; null at the end.</summary>
    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[65_536];
        while (!IsWhole(text.ToString()))
        {
            var read = await stream.ReadAsync(buffer, _end.Token);
            if (read == 0)
                return null;
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    private static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var head = text[..end];
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
            return text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
        var length = head.Split("\r\n")
            .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture))
            .FirstOrDefault();
        return text.Length >= end + 4 + length;
    }
}
