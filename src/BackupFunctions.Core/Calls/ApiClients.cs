using System.Collections.Concurrent;
using BackupFunctions.SignIn.Transport;

namespace BackupFunctions.Calls;

/// <summary>
/// The clients of the vendors' APIs: one for those whose certificate the system trusts, and one for each pinned
/// certificate. They trust what a sign-in trusts, follow no redirects, and send none of our trace ids.
/// </summary>
internal sealed class ApiClients : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Lazy<HttpMessageInvoker>> _clients = new(StringComparer.Ordinal);

    /// <summary>The client for a certificate; null for those that the system trusts.</summary>
    public HttpMessageInvoker Of(string? pin) =>
        _clients.GetOrAdd(pin ?? "", _ => new Lazy<HttpMessageInvoker>(() => new(Create(pin)))).Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private static SocketsHttpHandler Create(string? pin)
    {
        var network = VendorHttp.CreateNetwork(pin);
        network.ActivityHeadersPropagator = null;
        network.ConnectTimeout = ConnectTimeout;
        network.EnableMultipleHttp2Connections = true;
        return network;
    }
}
