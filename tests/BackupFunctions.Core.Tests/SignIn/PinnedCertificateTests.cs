using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Clocks;
using BackupFunctions.SignIn;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Duende.IdentityModel.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.SignIn;

/// <summary>A real https server with a self-signed certificate, over the real network.</summary>
public sealed class PinnedCertificateTests : IAsyncLifetime
{
    private readonly X509Certificate2 _certificate = ForServer(TestCertificates.Rsa());
    private readonly List<string> _bodies = [];
    private WebApplication _server = null!;
    private Uri _address = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder
            .WebHost.UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate))
            );
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _bodies.Add(context.Request.Path + " " + await reader.ReadToEndAsync(context.RequestAborted));
            if (context.Request.Path == "/moved")
            {
                context.Response.Redirect("/token", permanent: false, preserveMethod: true);
                return;
            }

            context.Response.Cookies.Append("session", "1");
            _bodies.AddRange(context.Request.Headers.Cookie.Where(cookie => cookie is not null)!);
            await context.Response.WriteAsync(
                """{"access_token":"a-token-of-kestrel","expires_in":60}""",
                context.RequestAborted
            );
        });
        await _server.StartAsync(Cancel);
        _address = new Uri(_server.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
    }

    [Fact]
    public async Task The_pinned_certificate_is_trusted_though_it_is_self_signed()
    {
        var reply = await RequestAsync(Pin(_certificate));

        Assert.Equal("a-token-of-kestrel", reply.ToGrant().AccessToken.Reveal());
        Assert.Contains("a-secret-for-kestrel", Assert.Single(_bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_certificate_than_the_pinned_one_gets_nothing()
    {
        using var other = TestCertificates.Rsa();

        var failure = await Bench.FailureAsync(() => RequestAsync(Pin(other)));

        Assert.Equal(FailureKind.ServerNotTrusted, failure.Kind);
        Assert.False(failure.MayHaveReachedVendor);
        Assert.Empty(_bodies);
    }

    [Fact]
    public void The_pin_decides_even_where_the_system_trusts_the_certificate()
    {
        using var network = VendorHttp.CreateNetwork(new string('A', 64));
        var validate = network.SslOptions.RemoteCertificateValidationCallback!;

        var refused = Assert.Throws<CertificateRefusedException>(() =>
            validate(this, _certificate, chain: null, SslPolicyErrors.None)
        );

        Assert.Equal(Pin(_certificate), refused.Certificate.Sha256);
    }

    [Fact]
    public void Without_a_pin_the_system_decides()
    {
        using var network = VendorHttp.CreateNetwork(pin: null);
        var validate = network.SslOptions.RemoteCertificateValidationCallback!;

        Assert.True(validate(this, _certificate, chain: null, SslPolicyErrors.None));
        Assert.False(validate(this, certificate: null, chain: null, SslPolicyErrors.RemoteCertificateNotAvailable));
        Assert.Throws<CertificateRefusedException>(() =>
            validate(this, _certificate, chain: null, SslPolicyErrors.RemoteCertificateNameMismatch)
        );
    }

    [Fact]
    public async Task Without_a_pin_a_self_signed_certificate_gets_nothing()
    {
        var failure = await Bench.FailureAsync(() => RequestAsync(pin: null));

        Assert.Equal(FailureKind.ServerNotTrusted, failure.Kind);
        Assert.Empty(_bodies);
    }

    [Fact]
    public async Task Redirects_are_not_followed_and_cookies_not_kept()
    {
        using var http = Http();

        await RequestAsync(Pin(_certificate), http: http);
        await RequestAsync(Pin(_certificate), http: http);
        var failure = await Bench.FailureAsync(() => RequestAsync(Pin(_certificate), "moved", http));

        Assert.Equal(FailureKind.VendorReplyUnusable, failure.Kind);
        Assert.Equal(307, failure.HttpStatus);
        Assert.Equal(["/token", "/token", "/moved"], _bodies.Select(body => body.Split(' ')[0]));
    }

    [Fact]
    public async Task A_server_that_is_not_there_never_got_the_request()
    {
        await _server.StopAsync(Cancel);

        var failure = await Bench.FailureAsync(() => RequestAsync(Pin(_certificate), spends: true));

        Assert.Equal(FailureKind.VendorUnavailable, failure.Kind);
        Assert.False(failure.MayHaveReachedVendor);
    }

    private static string Pin(X509Certificate2 certificate) =>
        Convert.ToHexString(SHA256.HashData(certificate.RawData));

    private static VendorHttp Http()
    {
        var time = new TestTime { TimersFireAtOnce = true };
        return new VendorHttp(new VendorClocks(new HostClock(time)), new SeededRandom(1), time);
    }

    private async Task<TokenReply> RequestAsync(
        string? pin,
        string path = "token",
        VendorHttp? http = null,
        bool spends = false
    )
    {
        using var own = Http();
        var endpoint = new TokenEndpoint(http ?? own, new TestTime { TimersFireAtOnce = true });
        using var request = new TokenRequest
        {
            Address = new Uri(_address, path).AbsoluteUri,
            GrantType = "client_credentials",
            ClientId = "id",
            ClientSecret = SuiteLog.Guard("a-secret-for-kestrel"),
            ClientCredentialStyle = ClientCredentialStyle.PostBody,
        };
        return await endpoint.RequestAsync(request, Bench.Pinned(pin), spends, Cancel);
    }

    private static X509Certificate2 ForServer(X509Certificate2 certificate)
    {
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}
