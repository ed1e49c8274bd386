using BackupFunctions.Connections;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Storage;

public sealed class BlobRefreshLeaseTests(SharedAzurite azurite)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ConnectionKey _key = LockUnderTest.NewConnection();

    [Fact]
    public async Task Is_renewed_every_five_seconds_while_it_is_held_and_not_after()
    {
        using var process = await CreateAsync();

        var lease = await process.AcquireAsync(_key);
        await process.AdvanceAsync(4 * Second);
        var early = process.Requests.Count("renew 200");
        await process.AdvanceAsync(2 * Second);
        var first = process.Requests.Count("renew 200");
        await process.AdvanceAsync(25 * Second);
        var all = process.Requests.Count("renew 200");
        var isLost = lease.Lost.IsCancellationRequested;
        await lease.DisposeAsync();
        await process.AdvanceAsync(20 * Second);

        Assert.Equal((0, 1, 6), (early, first, all));
        Assert.False(isLost);
        Assert.Equal(6, process.Requests.Count("renew 200"));
        Assert.Equal("release 200", process.Requests.Ended[^1]);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Is_lost_at_the_next_renewal_when_somebody_breaks_it_and_is_then_not_released()
    {
        using var process = await CreateAsync();
        var lease = await process.AcquireAsync(_key);
        await process.BreakAsync(_key);
        await process.TakeAsSomebodyElseAsync(_key);

        await process.AdvanceAsync(4 * Second);
        var wasLostEarly = lease.Lost.IsCancellationRequested;
        await process.AdvanceAsync(2 * Second);
        var isLost = lease.Lost.IsCancellationRequested;
        await lease.DisposeAsync();

        Assert.False(wasLostEarly);
        Assert.True(isLost);
        Assert.Equal(1, process.Count(4005));
        Assert.DoesNotContain(process.Requests.Ended, request =>
            request.StartsWith("release", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Is_released_once_however_often_it_is_disposed()
    {
        using var process = await CreateAsync();
        var lease = await process.AcquireAsync(_key);

        await lease.DisposeAsync();
        await using var next = await process.AcquireAsync(_key);
        await lease.DisposeAsync();

        Assert.Equal(1, process.Requests.Count("release 200"));
        Assert.Equal(0, process.Count(4006));
    }

    [Fact]
    public async Task Says_so_and_does_not_throw_when_it_cannot_be_released()
    {
        using var process = await CreateAsync();
        var lease = await process.AcquireAsync(_key);
        await process.BreakAsync(_key);
        await process.TakeAsSomebodyElseAsync(_key);

        await lease.DisposeAsync();

        Assert.Equal(1, process.Count(4006));
    }

    private async Task<LockUnderTest> CreateAsync() => new((await azurite.ServerAsync()).ConnectionString);
}
