using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Locking;
using BackupFunctions.Storage;
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
        var isLost = !lease.IsHeld;
        await lease.DisposeAsync();
        await process.AdvanceAsync(20 * Second);

        Assert.Equal((0, 1, 6), (early, first, all));
        Assert.False(isLost);
        Assert.Equal(6, process.Requests.Count("renew 200"));
        Assert.Equal("release 200", process.Requests.Ended[^1]);
        Assert.Equal(0, process.Count(4005));
    }

    [Fact]
    public async Task Is_lost_at_the_next_renewal_when_somebody_breaks_it_and_is_then_not_released()
    {
        using var process = await CreateAsync();
        var lease = await process.AcquireAsync(_key);
        await process.BreakAsync(_key);
        await process.TakeAsSomebodyElseAsync(_key);

        await process.AdvanceAsync(4 * Second);
        var wasLostEarly = !lease.IsHeld;
        await process.AdvanceAsync(2 * Second);
        var isLost = !lease.IsHeld;
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

    [Fact]
    public async Task Lasts_from_the_request_that_acquired_it_not_from_the_answer()
    {
        using var process = await CreateAsync();
        await (await process.AcquireAsync(_key)).DisposeAsync();
        var held = process.Requests.HoldsReply = new HeldCall();

        var acquiring = process.AcquireAsync(_key);
        await held.Entered;
        process.Time.Advance(4 * Second);
        held.Release();
        await using var lease = await acquiring;
        process.Requests.IsCut = true;
        process.Time.Advance(10.75 * Second);
        var wasLostEarly = !lease.IsHeld;
        process.Time.Advance(0.5 * Second);

        Assert.False(wasLostEarly);
        Assert.False(lease.IsHeld);
    }

    [Fact]
    public async Task Lasts_from_the_request_that_renewed_it_not_from_the_answer()
    {
        using var process = await CreateAsync();
        await using var lease = await process.AcquireAsync(_key);
        var held = process.Requests.HoldsReply = new HeldCall();
        process.Time.Advance(5 * Second);
        await held.Entered;

        process.Time.Advance(4 * Second);
        held.Release();
        await LockUnderTest.UntilAsync(() => process.Requests.UnderWay == 0);
        await LockUnderTest.UntilAsync(() => process.Requests.Count("renew 200") == 1);
        await process.AdvanceAsync(TimeSpan.Zero);
        process.Requests.IsCut = true;
        process.Time.Advance(10.75 * Second);
        var wasLostEarly = !lease.IsHeld;
        process.Time.Advance(0.5 * Second);

        Assert.False(wasLostEarly);
        Assert.False(lease.IsHeld);
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(0, 16)]
    [InlineData(16, 0)]
    public void Is_over_by_whichever_clock_counts_a_pause(double monotonic, double system)
    {
        var time = new TwoClocks();
        var term = LeaseTerm.Begin(time);

        (time.Monotonic, time.System) = (TimeSpan.FromSeconds(monotonic), TimeSpan.FromSeconds(system));

        Assert.Equal(TimeSpan.Zero, term.LeftOf(BlobRefreshLease.Duration, time));
    }

    [Fact]
    public void Is_not_longer_because_the_system_clock_is_set_back()
    {
        var time = new TwoClocks();
        var term = LeaseTerm.Begin(time);

        (time.Monotonic, time.System) = (TimeSpan.FromSeconds(14), TimeSpan.FromMinutes(-10));

        Assert.Equal(Second, term.LeftOf(BlobRefreshLease.Duration, time));
    }

    [Fact]
    public async Task Goes_on_after_a_pause_in_which_nobody_else_acquired_it()
    {
        using var process = await CreateAsync();
        await using var lease = await process.AcquireAsync(_key);
        await LoseByTimeAsync(process, lease);

        var standing = await lease.ConfirmAsync();

        Assert.Equal((LeaseStanding.Held, true), (standing, lease.IsHeld));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Is_taken_after_a_pause_in_which_another_acquired_it_though_it_is_free_again(bool isFreeAgain)
    {
        using var process = await CreateAsync();
        using var other = await CreateAsync();
        await using var lease = await process.AcquireAsync(_key);
        await LoseByTimeAsync(process, lease);
        await process.BreakAsync(_key);
        await using var theirs = await other.AcquireAsync(_key);
        if (isFreeAgain)
        {
            await theirs.DisposeAsync();
        }

        var standing = await lease.ConfirmAsync();

        Assert.Equal((LeaseStanding.Taken, false), (standing, lease.IsHeld));
        Assert.Equal(LeaseStanding.Taken, await lease.ConfirmAsync());
    }

    [Fact]
    public async Task Cannot_be_told_to_be_held_or_taken_after_a_pause_while_storage_does_not_answer()
    {
        using var process = await CreateAsync();
        await using var lease = await process.AcquireAsync(_key);
        await LoseByTimeAsync(process, lease);
        process.Requests.IsCut = true;

        Assert.Equal(LeaseStanding.Unknown, await lease.ConfirmAsync());
    }

    [Fact]
    public async Task Is_not_asked_about_while_it_is_held()
    {
        using var process = await CreateAsync();
        await using var lease = await process.AcquireAsync(_key);

        Assert.Equal(LeaseStanding.Held, await lease.ConfirmAsync());
        Assert.Equal(0, process.Requests.Count("renew 200"));
    }

    /// <summary>As a pause does: the lease's time passes, and no renewal gets through.</summary>
    private static async Task LoseByTimeAsync(LockUnderTest process, IRefreshLease lease)
    {
        process.Requests.IsCut = true;
        process.Time.Advance(16 * Second);
        await LockUnderTest.UntilAsync(() => !lease.IsHeld && process.Count(4005) == 1);
        process.Requests.IsCut = false;
    }

    private sealed class TwoClocks : TimeProvider
    {
        public TimeSpan Monotonic { get; set; }

        public new TimeSpan System { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Monotonic.Ticks;

        public override DateTimeOffset GetUtcNow() => TestTime.Noon + System;
    }

    private async Task<LockUnderTest> CreateAsync() => new((await azurite.ServerAsync()).ConnectionString);
}
