using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>A real server on loopback that fails as a test likes.</summary>
internal sealed class BadServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    private BadServer(Func<Stream, CancellationToken, Task> serve)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync(serve);
    }

    public int Port { get; }

    /// <summary>Reads what comes first, answers it with these bytes, and closes.</summary>
    public static BadServer Answering(string bytes) =>
        new(
            async (stream, cancellation) =>
            {
                _ = await stream.ReadAsync(new byte[64 * 1024], cancellation);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(bytes), cancellation);
            }
        );

    /// <summary>Reads what comes first and never answers.</summary>
    public static BadServer Hanging(Action onRequest) =>
        new(
            async (stream, cancellation) =>
            {
                while (await stream.ReadAsync(new byte[64 * 1024], cancellation) > 0)
                    onRequest();
            }
        );

    /// <summary>Shakes hands with a certificate for a name, self-signed.</summary>
    public static BadServer WithCertificate(string name, (int From, int Until) days)
    {
        var certificate = SelfSigned(name, days);
        return new(
            async (stream, cancellation) =>
            {
                await using var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = certificate },
                    cancellation
                );
                _ = await tls.ReadAsync(new byte[64 * 1024], cancellation);
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving;
        _stopping.Dispose();
    }

    private static X509Certificate2 SelfSigned(string name, (int From, int Until) days)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=the appliance",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());

        // The platform judges it by the system's clock.
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(days.From), now.AddDays(days.Until));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    private async Task ServeAsync(Func<Stream, CancellationToken, Task> serve)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await using var stream = client.GetStream();
                await serve(stream, _stopping.Token);
            }
            catch (Exception exception)
                when (exception
                        is OperationCanceledException
                            or IOException
                            or SocketException
                            or AuthenticationException
                )
            {
                // The client left, or the test is over.
            }
        }
    }
}
