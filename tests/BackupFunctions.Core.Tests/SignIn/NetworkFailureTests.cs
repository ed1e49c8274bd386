using System.Net.Sockets;
using BackupFunctions.Core.Tests.Vendors;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;

namespace BackupFunctions.Core.Tests.SignIn;

/// <summary>What cannot be arranged over a real network; the rest is in the table of situations.</summary>
public sealed class NetworkFailureTests
{
    private static readonly Uri Server = new("https://vendor.example/token");

    [Theory]
    [InlineData(SocketError.HostNotFound, "DNS does not know vendor.example.")]
    [InlineData(SocketError.TryAgain, "DNS did not say where vendor.example is.")]
    [InlineData(SocketError.NoRecovery, "DNS did not say where vendor.example is.")]
    [InlineData(SocketError.NoData, "DNS has no address for vendor.example.")]
    public void A_name_that_is_not_resolved_says_whether_DNS_answered(SocketError error, string problem) =>
        Assert.Equal(problem, Of(HttpRequestError.NameResolutionError, error));

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "connection refused")]
    [InlineData(SocketError.HostUnreachable, "no route to it")]
    [InlineData(SocketError.NetworkUnreachable, "no route to it")]
    [InlineData(SocketError.TimedOut, "no answer")]
    [InlineData(SocketError.AccessDenied, "the connection failed")]
    public void A_connection_that_is_not_made_says_why(SocketError error, string reason) =>
        Assert.Equal($"Could not connect to vendor.example: {reason}.", Of(HttpRequestError.ConnectionError, error));

    [Theory]
    [InlineData(-2, -1, false, false, true, "expired on 2026-11-21")]
    [InlineData(1, 2, false, false, true, "is not valid before 2026-11-23")]
    [InlineData(-1, 1, true, false, false, "is for another name")]
    [InlineData(-1, 1, false, true, false, "is signed by an authority that this host does not trust")]
    [InlineData(-1, 1, false, false, true, "comes with an authority's certificate that has expired")]
    [InlineData(-1, 1, false, false, false, "is not trusted")]
    [InlineData(
        -2,
        -1,
        true,
        true,
        true,
        "expired on 2026-11-21 and is for another name and is signed by an authority that this host does not trust"
    )]
    public void A_certificate_says_everything_that_is_wrong_with_it(
        int from,
        int until,
        bool isForAnotherName,
        bool isOfUnknownIssuer,
        bool isOutOfTime,
        string faults
    )
    {
        var certificate = new ServerCertificate(
            "appliance",
            "Contoso CA",
            new string('B', 64),
            TestTime.Noon.AddDays(from),
            TestTime.Noon.AddDays(until)
        )
        {
            IsForAnotherName = isForAnotherName,
            IsOfUnknownIssuer = isOfUnknownIssuer,
            OutOfTimeAt = isOutOfTime ? TestTime.Noon : null,
        };

        Assert.Equal(
            $"The certificate of vendor.example (subject appliance, issuer Contoso CA) {faults}.",
            certificate.Refusal("vendor.example", pin: null)
        );
    }

    [Theory]
    [InlineData(NetworkCause.NameUnknown, "Check Connections:Veeam:default:BaseUrl, then this host's DNS.")]
    [InlineData(
        NetworkCause.NotConnected,
        "Check Connections:Veeam:default:BaseUrl, that the server runs, and that "
            + "firewalls allow this host to connect to port 8443."
    )]
    [InlineData(
        NetworkCause.NoTls,
        "Check Connections:Veeam:default:BaseUrl, and that TLS 1.2 or later is offered at " + "that port."
    )]
    [InlineData(NetworkCause.Proxy, "Check this host's proxy settings (HTTPS_PROXY, NO_PROXY), and the proxy itself.")]
    [InlineData(NetworkCause.BrokenOff, null)]
    public void The_remedy_names_the_setting(object cause, string? remedy)
    {
        var connection = VendorBench.Read(
            VendorProfiles.Veeam,
            ("BaseUrl", "https://203.0.113.10:8443"),
            ("Username", "svc")
        );

        Assert.Equal(remedy, NetworkRemedy.For(new NetworkFailure((NetworkCause)cause, ""), new(connection)));
    }

    private static string Of(HttpRequestError error, SocketError inner) =>
        NetworkFailure.Of(new HttpRequestException(error, "x", new SocketException((int)inner)), Server).Problem;
}
