using Azure;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.KeyVault;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Untrusted;

/// <summary>The vault is trusted more than a vendor, but a server that answers in its place is not.</summary>
public sealed class HostileVaultTests
{
    [Fact]
    public async Task A_body_longer_than_any_of_a_vault_is_not_read_to_its_end()
    {
        var body = new Endless(most: 1_000_000_000, pause: TimeSpan.Zero);
        var client = Client(body);

        await Assert.ThrowsAnyAsync<Exception>(() => client.GetSecretAsync("acronis-default-access-token"));

        Assert.InRange(body.Given, ResponseSizeLimit.LargestBody, 4 * ResponseSizeLimit.LargestBody);
    }

    [Fact]
    public async Task A_body_that_drips_is_given_up_after_the_time_of_one_request()
    {
        var body = new Endless(most: 1_000_000, pause: TimeSpan.FromMilliseconds(20));
        var client = Client(body);

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() =>
            client.GetSecretAsync("acronis-default-access-token")
        );

        Assert.True(thrown is OperationCanceledException or RequestFailedException, thrown.ToString());
        Assert.InRange(body.Given, 1, 100);
    }

    private static SecretClient Client(Endless body)
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

    /// <summary>Gives JSON that never ends; slowly, a byte at a time, or as much as is asked for.</summary>
    private sealed class Endless(long most, TimeSpan pause) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => Given;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            await Task.Delay(pause, TimeProvider.System, cancellationToken);
            var count = pause > TimeSpan.Zero ? 1 : (int)Math.Min(buffer.Length, most - Given);
            buffer.Span[..count].Fill((byte)' ');
            Given += count;
            return count;
        }

        public override Task<int> ReadAsync(
            byte[] buffer,
            int offset,
            int count,
            CancellationToken cancellationToken
        ) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
