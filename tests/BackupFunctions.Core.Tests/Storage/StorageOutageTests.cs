using System.Net;
using System.Net.Sockets;
using BackupFunctions.Connections;
using BackupFunctions.Locking;
using BackupFunctions.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Storage;

public sealed class StorageOutageTests(SharedAzurite azurite)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ConnectionKey _key = LockUnderTest.NewConnection();

    [Fact]
    public async Task Storage_that_is_away_is_asked_again_after_ten_seconds_and_serves_when_it_is_back()
    {
        await using var mine = await AzuriteServer.StartAsync();
        using var process = new LockUnderTest(mine.ConnectionString);
        await mine.StopAsync();

        var first = await RefusedAsync(process);
        await LockUnderTest.UntilAsync(() => process.Requests.Ended.Count == 2);
        await mine.StartAgainAsync();
        process.Time.Advance(9 * Second);
        var second = await RefusedAsync(process);
        var askedMeanwhile = process.Requests.Ended.Count - 2;
        process.Time.Advance(2 * Second);
        await using var lease = await process.AcquireAsync(_key);
        await using var other = await process.AcquireAsync(LockUnderTest.NewConnection());

        Assert.False(first.IsHeldByOther);
        Assert.False(second.IsHeldByOther);
        Assert.Equal(0, askedMeanwhile);
        Assert.Equal(1, process.Count(4003));
    }

    [Fact]
    public async Task A_lease_is_lost_fifteen_seconds_after_the_start_of_the_last_renewal_when_storage_goes_away()
    {
        await using var mine = await AzuriteServer.StartAsync();
        using var process = new LockUnderTest(mine.ConnectionString);
        var lease = await process.AcquireAsync(_key);
        await process.AdvanceAsync(5 * Second);
        Assert.Equal(1, process.Requests.Count("renew 200"));

        await mine.StopAsync();
        await process.AdvanceAsync(14.75 * Second);
        var wasLostEarly = !lease.IsHeld;
        await process.AdvanceAsync(0.5 * Second);
        var isLost = !lease.IsHeld;
        var asked = process.Requests.Ended.Count;
        await lease.DisposeAsync();

        Assert.False(wasLostEarly);
        Assert.True(isLost);
        Assert.InRange(process.Count(4004), 5, 12);
        Assert.Equal(1, process.Count(4005));
        Assert.Equal(asked, process.Requests.Ended.Count);
    }

    [Fact]
    public async Task A_lease_survives_an_outage_shorter_than_itself()
    {
        await using var mine = await AzuriteServer.StartAsync();
        using var process = new LockUnderTest(mine.ConnectionString);
        await using var lease = await process.AcquireAsync(_key);

        await mine.StopAsync();
        await process.AdvanceAsync(10 * Second);
        await mine.StartAgainAsync();
        await process.AdvanceAsync(20 * Second);

        Assert.True(lease.IsHeld);
        Assert.InRange(process.Count(4004), 1, 10);
        Assert.InRange(process.Requests.Count("renew 200"), 3, 5);
    }

    [Fact]
    public async Task A_release_that_storage_does_not_hear_is_logged_and_not_thrown()
    {
        await using var mine = await AzuriteServer.StartAsync();
        using var process = new LockUnderTest(mine.ConnectionString);
        var lease = await process.AcquireAsync(_key);
        await mine.StopAsync();

        await lease.DisposeAsync();

        Assert.Equal(1, process.Count(4006));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Storage_that_refuses_is_no_holder(int status)
    {
        await using var storage = await StartStorageAsync(status);
        using var process = new LockUnderTest(ConnectionStringOf(new Uri(storage.Urls.First())));

        var refused = await RefusedAsync(process);
        var again = await RefusedAsync(process);

        Assert.False(refused.IsHeldByOther);
        Assert.False(again.IsHeldByOther);
        Assert.Equal([$"acquire {status}"], process.Requests.Ended);
    }

    [Fact]
    public async Task Storage_that_does_not_answer_is_given_eight_seconds()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        using var process = new LockUnderTest(ConnectionStringOf(new Uri($"http://{deaf.LocalEndpoint}")));

        var asking = RefusedAsync(process);
        await LockUnderTest.UntilAsync(() => process.Requests.UnderWay == 1);
        process.Time.Advance(7.9 * Second);
        var isWaiting = !asking.IsCompleted;
        process.Time.Advance(0.2 * Second);
        // Sooner than the client itself gives up, which has a clock of its own.
        var refused = await asking.WaitAsync(5 * Second, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.True(isWaiting);
        Assert.False(refused.IsHeldByOther);
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_storage_does_not_answer_is_not_told_of_an_outage()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        using var process = new LockUnderTest(ConnectionStringOf(new Uri($"http://{deaf.LocalEndpoint}")));
        using var cancellation = new CancellationTokenSource();

        var asking = process.Lock.AcquireAsync(_key, cancellation.Token);
        await LockUnderTest.UntilAsync(() => process.Requests.UnderWay == 1);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(0, process.Count(4003));
    }

    [Fact]
    public async Task A_wrong_key_is_named_by_status_and_code_and_stands_nowhere()
    {
        var server = await azurite.ServerAsync();
        var key = Convert.ToBase64String(Enumerable.Range(1, 64).Select(number => (byte)number).ToArray());
        using var process = new LockUnderTest(
            server.ConnectionString.Replace(AzuriteServer.AccountKey, key, StringComparison.Ordinal)
        );
        process.Log.Guard(key);

        var refused = await RefusedAsync(process);

        Assert.False(refused.IsHeldByOther);
        Assert.Contains("HTTP 403 AuthorizationFailure", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key, refused.ToString(), StringComparison.Ordinal);
        Assert.Null(refused.InnerException);
        process.Log.AssertClean();
    }

    private Task<RefreshLockUnavailableException> RefusedAsync(LockUnderTest process) =>
        Assert.ThrowsAsync<RefreshLockUnavailableException>(() => process.AcquireAsync(_key));

    private static string ConnectionStringOf(Uri address) =>
        $"AccountName={AzuriteServer.AccountName};AccountKey={AzuriteServer.AccountKey};BlobEndpoint={new Uri(address, AzuriteServer.AccountName)}";

    private static async Task<WebApplication> StartStorageAsync(int status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var storage = builder.Build();
        storage.Urls.Add("http://127.0.0.1:0");
        storage.Run(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await storage.StartAsync(TestContext.Current.CancellationToken);
        return storage;
    }
}
