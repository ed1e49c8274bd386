using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.SignIn;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.SignIn;

/// <summary>Everything between a sign-in and the network, on one clock.</summary>
internal sealed class Bench
{
    public static readonly Uri Endpoint = new("https://vendor.example/token");

    private static readonly ILoggerFactory Logs = LoggerFactory.Create(logging => logging.AddSuiteLog());

    /// <param name="hostAhead">How far the host's own clock is ahead when the process starts.</param>
    public Bench(TimeSpan hostAhead = default)
    {
        Network = new StubNetwork(Time);
        Host = new SteppedTime(Time) { Ahead = hostAhead };
        Clock = new HostClock(Host);
        Clocks = new VendorClocks(Clock);
        Http = new VendorHttp(Clocks, Random, Clock) { Network = () => Network };
        Tokens = new TokenEndpoint(Http, Clock);
        Sessions = new RevocationClient(Http, Clock);
        Discovery = new DiscoveryDocuments(Http, Clock);
        Signer = new ClientAssertionSigner(Clocks, Random);
        Codes = new OneTimeCodes(Clocks, Clock);
        var requests = new PasswordRequests(Tokens, Sessions, Codes);
        Vendors = new VendorClient(
            new ClientSecretSignIn(Tokens, Sessions, Discovery),
            new PrivateKeyJwtSignIn(Tokens, Sessions, Discovery, Signer),
            new TenantTokenExchange(Tokens, Discovery),
            new PasswordSignIn(requests, new Enrolment(requests, Codes), Codes)
        );
    }

    /// <summary>The true time, which the network goes by.</summary>
    public TestTime Time { get; } = new() { TimersFireAtOnce = true };

    /// <summary>The host's own clocks.</summary>
    public SteppedTime Host { get; }

    /// <summary>The clock that everything goes by.</summary>
    public HostClock Clock { get; }

    public SeededRandom Random { get; } = new(20261122);

    public StubNetwork Network { get; }

    public VendorClocks Clocks { get; }

    public VendorHttp Http { get; }

    public TokenEndpoint Tokens { get; }

    public RevocationClient Sessions { get; }

    public DiscoveryDocuments Discovery { get; }

    public ClientAssertionSigner Signer { get; }

    public OneTimeCodes Codes { get; }

    public VendorClient Vendors { get; }

    public static ILogger<T> Log<T>() => Logs.CreateLogger<T>();

    public Task<TokenReply> RequestAsync(bool spends = false, string? pin = null) =>
        RequestAsync(
            new TokenRequest
            {
                Address = Endpoint.AbsoluteUri,
                GrantType = "client_credentials",
                ClientId = "the-client",
                ClientSecret = "not-worth-guarding",
            },
            spends,
            pin
        );

    public Task<TokenReply> RequestAsync(TokenRequest request, bool spends = false, string? pin = null) =>
        Tokens.RequestAsync(request, Pinned(pin), spends, TestContext.Current.CancellationToken);

    /// <summary>
    /// The failure of a call that must fail; its exception goes to the suite's log, which must contain no secret.
    /// </summary>
    public static async Task<TokenFailure> FailureAsync(Func<Task> act)
    {
        var exception = await Assert.ThrowsAsync<TokenException>(act);
        Logs.CreateLogger<Bench>().LogError(exception, "Failed as expected: {Failure}", exception.Failure);
        return exception.Failure;
    }

    public static TokenFailure Failure(Action act)
    {
        var exception = Assert.Throws<TokenException>(act);
        Logs.CreateLogger<Bench>().LogError(exception, "Failed as expected: {Failure}", exception.Failure);
        return exception.Failure;
    }

    /// <summary>A connection whose server's certificate is pinned, or not.</summary>
    public static Connection Pinned(string? pin = null, string server = "https://vendor.example") =>
        new()
        {
            Vendor = VendorProfiles.BackupNet,
            Key = new ConnectionKey("backupnet", "default"),
            Server = new Uri(server),
            Credential = new CredentialName("backupnet-default-client-secret"),
            TokenSecretName = "backupnet-default-access-token",
            ServerCertificateSha256 = pin,
        };
}
