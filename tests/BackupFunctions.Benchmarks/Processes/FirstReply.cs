using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BackupFunctions.Benchmarks.Processes;

/// <summary>
/// Polls a server that is about to listen, cheaply enough not to slow its start: a refused connection throws nothing.
/// </summary>
internal static class FirstReply
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(1);

    /// <summary>Waits for the server and for its first reply.</summary>
    /// <exception cref="InvalidOperationException">The reply is not a 200, or the program exited first.</exception>
    public static async Task WaitAsync(int port, string path, Func<bool> hasEnded, CancellationToken cancellationToken)
    {
        var server = new IPEndPoint(IPAddress.Loopback, port);
        while (!hasEnded())
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            if (await TryConnectAsync(socket, server))
            {
                await ExpectAsync(socket, path, server, cancellationToken);
                return;
            }

            await Task.Delay(BetweenTries, TimeProvider.System, cancellationToken);
        }

        throw new InvalidOperationException("The program exited before it answered.");
    }

    private static async Task<bool> TryConnectAsync(Socket socket, IPEndPoint server)
    {
        var done = new TaskCompletionSource();
        using var attempt = new SocketAsyncEventArgs { RemoteEndPoint = server };
        attempt.Completed += (_, _) => done.SetResult();
        if (socket.ConnectAsync(attempt))
        {
            await done.Task;
        }

        return attempt.SocketError == SocketError.Success;
    }

    private static async Task ExpectAsync(
        Socket socket,
        string path,
        IPEndPoint server,
        CancellationToken cancellationToken
    )
    {
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n"),
            cancellationToken
        );
        var reply = new byte[4096];
        var length = await socket.ReceiveAsync(reply, cancellationToken);
        if (!reply.AsSpan(0, length).StartsWith("HTTP/1.1 200 "u8))
        {
            throw new InvalidOperationException($"It answered: {Encoding.ASCII.GetString(reply, 0, length)}");
        }
    }
}
