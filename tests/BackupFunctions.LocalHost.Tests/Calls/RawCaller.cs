using System.Net.Sockets;
using System.Text;

namespace BackupFunctions.LocalHost.Tests.Calls;

/// <summary>Sends a request byte by byte: HttpClient would correct it.</summary>
internal static class RawCaller
{
    /// <summary>The whole reply, until the host closes the connection.</summary>
    public static async Task<string> SendAsync(
        RunningHost host,
        string target,
        string headers = "",
        string method = "GET"
    )
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", host.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var address = host.Client.BaseAddress.Authority;
        var request = $"{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public static int StatusOf(string reply) =>
        int.Parse(reply.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
}
