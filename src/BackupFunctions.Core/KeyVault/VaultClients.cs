using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.AzureSdk;
using BackupFunctions.Clocks;
using BackupFunctions.KeyVault.Transport;
using BackupFunctions.SignIn.Transport;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Makes the clients for the two vaults. A vault at a loopback address is an emulator: it needs no Entra ID credential
/// and its self-signed certificate is accepted there, and nowhere else.
/// </summary>
internal static class VaultClients
{
    /// <summary>A client for one vault.</summary>
    public static SecretClient Create(Uri vault, HostClock time) =>
        new(vault, CreateCredential(vault), CreateOptions(vault, time, CreateNetwork(vault.IsLoopback)));

    /// <summary>Signs in with nothing of value at an emulator, and with this host's identity elsewhere.</summary>
    public static TokenCredential CreateCredential(Uri vault) =>
        vault.IsLoopback ? new EmulatorCredential() : new DefaultAzureCredential();

    /// <summary>
    /// The options of a client. Its own retries are few and short: the broker has a back-off of its own.
    /// </summary>
    public static SecretClientOptions CreateOptions(Uri vault, HostClock time, HttpMessageHandler network)
    {
        var options = new SecretClientOptions
        {
            Retry = { NetworkTimeout = TimeSpan.FromSeconds(4) },
            RetryPolicy = new BoundedRetryPolicy(time),

            // Names of secrets are no secrets, but nothing of a vault's traffic belongs into a log.
            Diagnostics = { IsLoggingContentEnabled = false },

            // The client's own options have the time limits.
            Transport = new HttpClientTransport(
                new HttpClient(new ResponseSizeLimit(new VaultDates(network, time)))
                {
                    Timeout = Timeout.InfiniteTimeSpan,
                }
            ),
            DisableChallengeResourceVerification = vault.IsLoopback,
        };
        options.AddPolicy(new VaultCircuitBreaker(time), HttpPipelinePosition.PerCall);
        options.AddPolicy(new VaultCallPolicy(time), HttpPipelinePosition.PerCall);
        options.AddPolicy(new WriteGuard(), HttpPipelinePosition.PerRetry);
        return options;
    }

    /// <summary>The way to a vault.</summary>
    public static SocketsHttpHandler CreateNetwork(bool isLoopback)
    {
        var network = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (isLoopback)
        {
            network.UseProxy = false;

            // Trusted whoever signed it: the system's hundred and more roots are not read for it.
            network.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                DisableCertificateDownloads = true,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            network.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) =>
                certificate is not null;
        }
        else
        {
            // The system decides, as without it; but a refusal names the certificate.
            network.SslOptions.RemoteCertificateValidationCallback = ServerTrust.Validation();
        }

        return network;
    }

    /// <summary>
    /// Signs in at nothing: an emulator takes any bearer token, and gets one that opens no other door.
    /// </summary>
    private sealed class EmulatorCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new("emulator", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext,
            CancellationToken cancellationToken
        ) => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
