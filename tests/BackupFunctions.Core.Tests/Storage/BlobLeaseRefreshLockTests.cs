using BackupFunctions.Connections;
using BackupFunctions.Locking;
using BackupFunctions.Storage;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Storage;

public sealed class BlobLeaseRefreshLockTests(SharedAzurite azurite)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ConnectionKey _key = LockUnderTest.NewConnection();

    [Fact]
    public async Task Lets_one_of_16_racers_in_at_a_time_whether_or_not_they_share_a_process()
    {
        using var here = await CreateAsync(time: TimeProvider.System);
        using var there = await CreateAsync(time: TimeProvider.System);
        var inside = 0;
        var mostInside = 0;

        await Task.WhenAll(Enumerable.Range(0, 16).Select(racer => RaceAsync(racer % 2 == 0 ? here : there)));

        Assert.Equal(1, mostInside);
        Assert.Equal(16, here.Requests.Count("acquire 201") + there.Requests.Count("acquire 201"));
        Assert.Equal(0, inside);

        async Task RaceAsync(LockUnderTest process)
        {
            await using var lease = await process.AcquireAsync(_key);
            mostInside = Math.Max(mostInside, Interlocked.Increment(ref inside));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            Interlocked.Decrement(ref inside);
        }
    }

    [Fact]
    public async Task Keeps_two_connections_apart()
    {
        using var process = await CreateAsync();

        await using var one = await process.AcquireAsync(_key);
        await using var other = await process.AcquireAsync(LockUnderTest.NewConnection());

        Assert.Equal(0, process.Requests.Count("acquire 409"));
    }

    [Fact]
    public async Task Creates_container_and_blob_only_when_they_are_missing()
    {
        using var process = await CreateAsync(container: $"locks-{_key.Connection}");

        await (await process.AcquireAsync(_key)).DisposeAsync();
        var first = process.Requests.Ended;
        await (await process.AcquireAsync(_key)).DisposeAsync();

        Assert.Equal(
            ["acquire 404", "create blob 404", "create container 201", "create blob 201", "acquire 201", "release 200"],
            first
        );
        Assert.Equal(["acquire 201", "release 200"], process.Requests.Ended.Skip(first.Count));
        Assert.Equal(1, process.Count(4001));
    }

    [Fact]
    public async Task Lets_all_racers_in_where_all_find_container_and_blob_missing()
    {
        var container = $"locks-{_key.Connection}";
        using var one = await CreateAsync(container, TimeProvider.System);
        using var other = await CreateAsync(container, TimeProvider.System);

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async racer => await (await (racer % 2 == 0 ? one : other).AcquireAsync(_key)).DisposeAsync())
        );

        Assert.Equal(4, one.Requests.Count("acquire 201") + other.Requests.Count("acquire 201"));
        Assert.Equal(1, one.Count(4001) + other.Count(4001));
    }

    [Fact]
    public async Task Lets_a_waiter_in_after_the_release()
    {
        using var holder = await CreateAsync();
        using var process = await CreateAsync();
        var lease = await holder.AcquireAsync(_key);

        var waiter = process.AcquireAsync(_key);
        await process.AdvanceAsync(5 * Second);
        var hasWaited = !waiter.IsCompleted;
        await lease.DisposeAsync();
        await process.AdvanceUntilEndOfAsync(waiter);
        await using var mine = await waiter;

        Assert.True(hasWaited);
        Assert.Equal(1, process.Count(4002));
    }

    [Fact]
    public async Task Asks_ever_more_slowly_while_another_holds()
    {
        using var process = await CreateAsync();
        await using var lease = await process.AcquireAsync(_key);

        var waiter = process.AcquireAsync(_key);
        await process.AdvanceAsync(20 * Second);
        await lease.DisposeAsync();
        await process.AdvanceUntilEndOfAsync(waiter);
        await using var mine = await waiter;

        // Five in the first three seconds, then one a second, each up to a quarter of it earlier or later.
        Assert.InRange(process.Requests.Count("acquire 409"), 17, 30);
    }

    [Fact]
    public async Task Lets_a_waiter_in_when_the_lease_of_a_dead_holder_ends()
    {
        using var process = await CreateAsync();
        await (await process.AcquireAsync(_key)).DisposeAsync();
        await process.TakeAsSomebodyElseAsync(_key);

        var waiter = process.AcquireAsync(_key);
        await process.AdvanceAsync(2 * Second);
        var hasWaited = !waiter.IsCompleted;
        await process.BreakAsync(_key);
        await process.AdvanceUntilEndOfAsync(waiter);
        await using var mine = await waiter;

        Assert.True(hasWaited);
    }

    [Fact]
    public async Task Waits_a_minute_for_another_holder_and_then_says_that_there_is_one()
    {
        using var process = await CreateAsync();
        await using var lease = await process.AcquireAsync(_key);

        var waiter = process.AcquireAsync(_key);
        await process.AdvanceAsync(58 * Second);
        var isWaiting = !waiter.IsCompleted;
        await process.AdvanceAsync(2 * Second);
        var refused = await Assert.ThrowsAsync<RefreshLockUnavailableException>(() => waiter);
        var next = process.AcquireAsync(_key);
        await process.AdvanceAsync(Second);

        Assert.True(isWaiting);
        Assert.True(refused.IsHeldByOther);
        Assert.Contains(_key.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.False(next.IsCompleted);
        await lease.DisposeAsync();
        await process.AdvanceUntilEndOfAsync(next);
        await (await next).DisposeAsync();
    }

    [Fact]
    public async Task Ends_the_wait_when_it_is_cancelled()
    {
        using var process = await CreateAsync();
        await using var lease = await process.AcquireAsync(_key);
        using var cancellation = new CancellationTokenSource();

        var waiter = process.Lock.AcquireAsync(_key, cancellation.Token);
        await process.AdvanceAsync(Second);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);
        Assert.Equal(0, process.Count(4003));
    }

    [Fact]
    public async Task Holds_a_lease_whose_first_answer_was_lost()
    {
        using var process = await CreateAsync();
        await (await process.AcquireAsync(_key)).DisposeAsync();

        process.Lost.Left = 1;
        await using var lease = await process.AcquireAsync(_key);

        Assert.Equal(0, process.Lost.Left);
        Assert.Equal(0, process.Requests.Count("acquire 409"));
    }

    [Fact]
    public async Task Keeps_nobody_out_with_a_lease_it_never_heard_of()
    {
        using var process = await CreateAsync();
        using var other = await CreateAsync();
        await (await process.AcquireAsync(_key)).DisposeAsync();

        process.Lost.Left = 3;
        var refused = await Assert.ThrowsAsync<RefreshLockUnavailableException>(() => process.AcquireAsync(_key));
        await LockUnderTest.UntilAsync(() => process.Requests.Count("release 200") == 2);
        await using var lease = await other.AcquireAsync(_key);

        Assert.False(refused.IsHeldByOther);
        Assert.Equal(0, other.Requests.Count("acquire 409"));
    }

    private async Task<LockUnderTest> CreateAsync(
        string container = BlobLeaseRefreshLock.ContainerName,
        TimeProvider? time = null
    ) => new((await azurite.ServerAsync()).ConnectionString, container, time);
}
