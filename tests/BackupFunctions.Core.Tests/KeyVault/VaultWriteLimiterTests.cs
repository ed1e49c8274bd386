using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.KeyVault;
using BackupFunctions.State;
using BackupFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.KeyVault;

[Collection(nameof(Alone))]
public sealed class VaultWriteLimiterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_may_use_the_whole_limit_at_once_and_then_wait_until_ten_seconds_have_passed()
    {
        var limiter = new VaultWriteLimiter(10, _time);

        var first = Enumerable.Range(0, 10).Select(_ => limiter.WaitAsync(WritePriority.Caller, Cancel)).ToList();
        var next = limiter.WaitAsync(WritePriority.Caller, Cancel);

        Assert.All(first, turn => Assert.True(turn.IsCompleted));
        Assert.False(next.IsCompleted);
        await AdvanceUntilAsync(next);
        Assert.InRange(_time.GetUtcNow() - Noon, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task No_ten_seconds_see_more_than_the_limit_and_the_background_uses_four_fifths_of_it()
    {
        var limiter = new VaultWriteLimiter(250, _time);
        var at = new List<DateTimeOffset>();
        var all = Task.WhenAll(
            Enumerable
                .Range(0, 2_000)
                .Select(async _ =>
                {
                    await limiter.WaitAsync(WritePriority.Background, Cancel);
                    lock (at)
                        at.Add(_time.GetUtcNow());
                })
        );

        await AdvanceUntilAsync(all);

        at.Sort();
        Assert.All(Enumerable.Range(0, at.Count - 250), i =>
            Assert.True(at[i + 250] - at[i] >= TimeSpan.FromSeconds(9.9))
        );
        Assert.InRange(at[^1] - at[0], TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(110));
    }

    [Fact]
    public async Task Callers_go_before_the_background()
    {
        var limiter = new VaultWriteLimiter(1, _time);
        await limiter.WaitAsync(WritePriority.Caller, Cancel);

        var background = limiter.WaitAsync(WritePriority.Background, Cancel);
        var caller = limiter.WaitAsync(WritePriority.Caller, Cancel);
        await AdvanceUntilAsync(caller);

        Assert.False(background.IsCompleted);
        await AdvanceUntilAsync(background);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(250)]
    public void A_vault_that_only_gets_refresh_tokens_is_not_remembered_call_by_call(int? limit)
    {
        var clock = new MinuteClock();
        var limiter = new VaultWriteLimiter(limit, clock);
        limiter.Count();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100_000; i++)
            limiter.Count();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    /// <summary>Advances by a minute each time it is asked.</summary>
    private sealed class MinuteClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += TimeSpan.TicksPerMinute;
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    public async Task Setting_the_clock_neither_holds_calls_up_nor_lets_more_through(int seconds)
    {
        var host = new SteppedTime(_time);
        var limiter = new VaultWriteLimiter(1, host);
        await limiter.WaitAsync(WritePriority.Caller, Cancel);

        host.Ahead = TimeSpan.FromSeconds(seconds);
        var next = limiter.WaitAsync(WritePriority.Caller, Cancel);

        Assert.False(next.IsCompleted);
        await AdvanceUntilAsync(next);
        Assert.InRange(_time.GetUtcNow() - Noon, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11));
    }

    [Fact]
    public async Task While_the_background_uses_its_share_a_caller_goes_at_once()
    {
        var limiter = new VaultWriteLimiter(250, _time);
        var sweep = Task.WhenAll(
            Enumerable.Range(0, 500).Select(_ => limiter.WaitAsync(WritePriority.Background, Cancel))
        );
        for (var second = 0; second < 20; second++)
        {
            for (var tick = 0; tick < 100; tick++)
            {
                Step();
            }

            Assert.True(
                limiter.WaitAsync(WritePriority.Caller, Cancel).IsCompleted,
                $"A caller waited at second {second}."
            );
        }

        await AdvanceUntilAsync(sweep);
    }

    [Fact]
    public async Task A_refresh_token_never_waits_but_counts()
    {
        var limiter = new VaultWriteLimiter(2, _time);
        await limiter.WaitAsync(WritePriority.Caller, Cancel);
        await limiter.WaitAsync(WritePriority.Caller, Cancel);
        _time.Advance(TimeSpan.FromSeconds(9));

        limiter.Count();
        limiter.Count();
        _time.Advance(TimeSpan.FromSeconds(1));
        var caller = limiter.WaitAsync(WritePriority.Caller, Cancel);

        Assert.False(caller.IsCompleted);
        await AdvanceUntilAsync(caller);
        Assert.InRange(_time.GetUtcNow() - Noon, TimeSpan.FromSeconds(19), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_cancelled_wait_uses_up_no_call()
    {
        using var cancelled = new CancellationTokenSource();
        var limiter = new VaultWriteLimiter(1, _time);
        await limiter.WaitAsync(WritePriority.Caller, Cancel);

        var given = limiter.WaitAsync(WritePriority.Caller, cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.True(limiter.WaitAsync(WritePriority.Background, Cancel).IsCompletedSuccessfully);
    }

    [Fact]
    public void Without_a_limit_no_call_waits()
    {
        var limiter = new VaultWriteLimiter(null, _time);

        Assert.All(Enumerable.Range(0, 10_000), _ =>
            Assert.True(limiter.WaitAsync(WritePriority.Background, Cancel).IsCompleted)
        );
    }

    private async Task AdvanceUntilAsync(Task ended)
    {
        for (var i = 0; !ended.IsCompleted; i++)
        {
            Assert.True(i < 100_000, "A call waits for ever.");
            Step();
        }

        await ended;
    }

    private void Step()
    {
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Stillness.Await();
    }
}
