using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Emulators;

namespace BackupFunctions.Core.Tests.FaultMatrix;

/// <summary>The real client in front of the emulated vault, with as many tries as in a host, but the waits on the virtual clock.</summary>
internal static class EmulatedVault
{
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(4);
    private static int _number;

    /// <summary>An empty vault with a host name of its own: the client remembers challenges by it, for the whole process.</summary>
    public static KeyVaultEmulator Create(EmulatorOptions options) =>
        new(options) { BaseAddress = new Uri($"https://vault-{Interlocked.Increment(ref _number)}.emulator.test/") };

    public static SecretClient Client(KeyVaultEmulator vault, TimeProvider time)
    {
        var network = new HttpClient(new EmulatorNetwork(vault, time, NetworkTimeout))
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        return new SecretClient(
            vault.BaseAddress,
            new AnyCredential(),
            new SecretClientOptions
            {
                Transport = new HttpClientTransport(network),
                RetryPolicy = new RetryPolicy(maxRetries: 2, new NoDelay()),
                Retry = { NetworkTimeout = Timeout.InfiniteTimeSpan },
                DisableChallengeResourceVerification = true,
            }
        );
    }

    private sealed class NoDelay : DelayStrategy
    {
        protected override TimeSpan GetNextDelayCore(Azure.Response? response, int retryNumber) => TimeSpan.Zero;
    }

    private sealed class AnyCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new("any", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext,
            CancellationToken cancellationToken
        ) => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
