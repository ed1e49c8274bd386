using Azure;
using Azure.Core.Pipeline;
using BackupFunctions.AzureSdk;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Settings;

namespace BackupFunctions.Core.Tests.Storage;

public sealed class StorageRetryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Retry-After", "45")]
    [InlineData("Retry-After", "Sun, 22 Nov 2026 12:00:45 GMT")]
    [InlineData("Retry-After", "soon")]
    [InlineData("retry-after-ms", "45000")]
    [InlineData("x-ms-retry-after-ms", "45000")]
    public async Task Storage_that_asks_for_a_long_wait_is_not_asked_again_in_its_callers_time(
        string header,
        string value
    )
    {
        var network = new BusyStorage(header, value);

        var thrown = await Assert.ThrowsAsync<RequestFailedException>(() => ReadAsync(network, delays: null));

        Assert.Equal((503, 1), (thrown.Status, network.Requests));
    }

    [Theory]
    [InlineData("x-ms-request-id", "any")]
    [InlineData("Retry-After", "0")]
    [InlineData("Retry-After", "-45")]
    public async Task Storage_that_asks_for_no_wait_is_asked_three_times(string header, string value)
    {
        var network = new BusyStorage(header, value);

        await Assert.ThrowsAsync<RequestFailedException>(() => ReadAsync(network, new NoDelay()));

        Assert.Equal(3, network.Requests);
    }

    private static async Task ReadAsync(BusyStorage network, NoDelay? delays)
    {
        var client = new StorageOptions { ConnectionString = "UseDevelopmentStorage=true" }.CreateClient(options =>
        {
            options.Transport = new HttpClientTransport(new HttpClient(network));
            if (delays is not null)
                options.RetryPolicy = new BoundedRetryPolicy(TimeProvider.System, delays: delays);
        });
        await client.GetBlobContainerClient("any").GetBlobClient("any").DownloadContentAsync(Cancel);
    }

    private sealed class BusyStorage(string header, string value) : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Requests++;
            var reply = new HttpResponseMessage(System.Net.HttpStatusCode.ServiceUnavailable);
            reply.Headers.TryAddWithoutValidation(header, value);
            return Task.FromResult(reply);
        }
    }
}
