using System.Net;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Credentials;
using BackupFunctions.KeyVault;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>A vault that cannot be reached, over the real network: in the words of <see cref="NetworkFailures"/>.</summary>
internal static class VaultNetworkFailures
{
    private const string Source = "sibling of the causes that an operator must be told apart";

    private static readonly string ProxyPassword = SuiteLog.Guard("the-password-of-the-vaults-proxy");

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        new(Source, "vault: a name that DNS does not know", "DNS does not know vault.invalid.", () =>
            TryAsync("https://vault.invalid")
        ),
        new(Source, "vault: nothing listens", "Could not connect to localhost:1: connection refused.", () =>
            TryAsync("https://localhost:1")
        ),
        new(
            Source,
            "vault: an unknown authority",
            "The certificate of SERVER (subject the appliance, issuer the appliance) is signed by an authority that "
                + "this host does not trust.",
            () => TryAsync(BadServer.WithCertificate("localhost", (-1, 30)))
        ),
        new(
            Source,
            "vault: plain HTTP at the TLS port",
            "The TLS handshake with SERVER failed: it showed no certificate.",
            () => TryAsync(BadServer.Answering("HTTP/1.1 400 Bad\r\n\r\n"))
        ),
        new(
            Source,
            "vault: the proxy wants a password",
            "The proxy PROXY wants a user and a password before it connects to vault.invalid (407).",
            TryWithProxyAsync
        ),
    ];

    private static async Task<string> TryWithProxyAsync()
    {
        await using var proxy = BadServer.Answering("HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n");
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy($"http://user:{ProxyPassword}@127.0.0.1:{proxy.Port}");
        try
        {
            var seen = await TryAsync("https://vault.invalid");
            return seen.Replace($"127.0.0.1:{proxy.Port}", "PROXY", StringComparison.Ordinal);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    private static async Task<string> TryAsync(BadServer server)
    {
        await using (server)
        {
            var seen = await TryAsync($"https://localhost:{server.Port}");
            return seen.Replace($"localhost:{server.Port}", "SERVER", StringComparison.Ordinal);
        }
    }

    private static async Task<string> TryAsync(string vault)
    {
        using var network = new HttpClient(VaultClients.CreateNetwork(isLoopback: false));
        var client = new SecretClient(
            new Uri(vault),
            new AnyTokenCredential(),
            new SecretClientOptions { Transport = new HttpClientTransport(network), Retry = { MaxRetries = 0 } }
        );
        var credentials = new KeyVaultCredentials(client, new TestTime());

        var failure = await Bench.FailureAsync(async () =>
            await credentials.FindAsync(new CredentialName("the-name"), newest: true, CancellationToken.None)
        );

        Assert.Equal(FailureKind.VaultUnavailable, failure.Kind);
        Assert.StartsWith("The vault cannot be reached. ", failure.Problem, StringComparison.Ordinal);
        return failure.Problem["The vault cannot be reached. ".Length..];
    }
}
