using Azure;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.KeyVault.Transport;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Untrusted;

/// <summary>The vault is trusted more than a vendor, but a server that answers in its place is not.</summary>
public sealed class HostileVaultTests
{
    [Fact]
    public async Task A_body_longer_than_any_of_a_vault_is_not_read_to_its_end()
    {
        var body = new EndlessBody(chunk: int.MaxValue);
        var client = Client(body);

        await Assert.ThrowsAnyAsync<Exception>(() => client.GetSecretAsync("acronis-default-access-token"));

        Assert.InRange(body.Given, ResponseSizeLimit.LargestBody, 4 * ResponseSizeLimit.LargestBody);
    }

    [Fact]
    public async Task A_body_that_drips_is_given_up_after_the_time_of_one_request()
    {
        var body = new EndlessBody(chunk: 1, cancellation =>
            Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellation)
        );
        var client = Client(body);

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() =>
            client.GetSecretAsync("acronis-default-access-token")
        );

        Assert.True(thrown is OperationCanceledException or RequestFailedException, thrown.ToString());
        Assert.InRange(body.Given, 1, 100);
    }

    private static SecretClient Client(EndlessBody body)
    {
        var vault = new EmulatedVault(TimeProvider.System);
        return new SecretClient(
            vault.Uri,
            new AnyTokenCredential(),
            new SecretClientOptions
            {
                Transport = new HttpClientTransport(
                    new HttpClient(new ResponseSizeLimit(new Answers(body, vault)))
                    {
                        Timeout = Timeout.InfiniteTimeSpan,
                    }
                ),
                Retry = { MaxRetries = 0, NetworkTimeout = TimeSpan.FromMilliseconds(300) },
                DisableChallengeResourceVerification = true,
            }
        );
    }

    /// <summary>The vault's challenge, and then this body.</summary>
    private sealed class Answers(Stream body, EmulatedVault vault) : DelegatingHandler(vault)
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) =>
            request.Headers.Authorization is null
                ? base.SendAsync(request, cancellationToken)
                : Task.FromResult(new HttpResponseMessage { Content = new StreamContent(body) });
    }
}
