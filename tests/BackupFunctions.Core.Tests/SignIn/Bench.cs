using BackupFunctions.SignIn;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.SignIn;

/// <summary>Everything between a sign-in and the network, on one clock.</summary>
internal sealed class Bench
{
    public static readonly Uri Endpoint = new("https://vendor.example/token");

    private static readonly ILoggerFactory Logs = LoggerFactory.Create(logging => logging.AddSuiteLog());

    public Bench()
    {
        Network = new StubNetwork(Time);
        Clocks = new VendorClocks(Time);
        Http = new VendorHttp(Clocks, Random, Time) { Network = () => Network };
        Tokens = new TokenEndpoint(Http, Time);
        Sessions = new RevocationClient(Http, Time);
        Discovery = new DiscoveryDocuments(Http, Time);
        Signer = new ClientAssertionSigner(Clocks, Random);
    }

    public TestTime Time { get; } = new() { TimersFireAtOnce = true };

    public SeededRandom Random { get; } = new(20261122);

    public StubNetwork Network { get; }

    public VendorClocks Clocks { get; }

    public VendorHttp Http { get; }

    public TokenEndpoint Tokens { get; }

    public RevocationClient Sessions { get; }

    public DiscoveryDocuments Discovery { get; }

    public ClientAssertionSigner Signer { get; }

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
        Tokens.RequestAsync(request, spends, pin, TestContext.Current.CancellationToken);

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
}
