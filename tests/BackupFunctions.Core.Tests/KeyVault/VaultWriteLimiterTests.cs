using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.KeyVault;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.KeyVault;

[Collection(nameof(Alone))]
public sealed class VaultWriteLimiterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);

    [Fact]
    public async Task Callers_may_use_the_whole_limit_at_once_and_then_wait_until_ten_seconds_have_passed()
    {
        var budget = new VaultWriteLimiter(10, _time);

        var first = Enumerable.Range(0, 10).Select(_ => budget.WaitAsync(Urgency.Caller)).ToList();
        var next = budget.WaitAsync(Urgency.Caller);

        Assert.All(first, turn => Assert.True(turn.IsCompleted));
        Assert.False(next.IsCompleted);
        await AdvanceUntilAsync(next);
        Assert.InRange(_time.GetUtcNow() - Noon, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task No_ten_seconds_see_more_than_the_limit_and_the_background_uses_four_fifths_of_it()
    {
        var budget = new VaultWriteLimiter(250, _time);
        var at = new List<DateTimeOffset>();
        var all = Task.WhenAll(
            Enumerable
                .Range(0, 2_000)
                .Select(async _ =>
                {
                    await budget.WaitAsync(Urgency.Background);
                    lock (at)
                        at.Add(_time.GetUtcNow());
                })
        );

        await AdvanceUntilAsync(all);

        at.Sort();
        Assert.All(Enumerable.Range(0, at.Count - 250), i =>
            Assert.True(at[i + 250] - at[i] >= TimeSpan.FromSeconds(9.9))
        );
        Assert.InRange(at[^1] - at[0], TimeSpan.FromSeconds(95), TimeSpan.FromSeconds(110));
    }

    [Fact]
    public async Task Callers_go_before_the_background_and_a_refresh_token_never_waits()
    {
        var budget = new VaultWriteLimiter(1, _time);
        await budget.WaitAsync(Urgency.Caller);

        var background = budget.WaitAsync(Urgency.Background);
        var caller = budget.WaitAsync(Urgency.Caller);
        var refreshToken = budget.WaitAsync(Urgency.RefreshToken);
        await AdvanceUntilAsync(caller);

        Assert.True(refreshToken.IsCompleted);
        Assert.False(background.IsCompleted);
        await AdvanceUntilAsync(background);
    }

    [Fact]
    public async Task While_the_background_uses_its_share_a_caller_goes_at_once()
    {
        var budget = new VaultWriteLimiter(250, _time);
        var sweep = Task.WhenAll(Enumerable.Range(0, 500).Select(_ => budget.WaitAsync(Urgency.Background)));
        for (var second = 0; second < 20; second++)
        {
            for (var tick = 0; tick < 100; tick++)
            {
                Step();
            }

            Assert.True(budget.WaitAsync(Urgency.Caller).IsCompleted, $"A caller waited at second {second}.");
        }

        await AdvanceUntilAsync(sweep);
    }

    [Fact]
    public void Without_a_limit_nobody_waits()
    {
        var budget = new VaultWriteLimiter(null, _time);

        Assert.All(Enumerable.Range(0, 10_000), _ => Assert.True(budget.WaitAsync(Urgency.Background).IsCompleted));
    }

    private async Task AdvanceUntilAsync(Task ended)
    {
        for (var i = 0; !ended.IsCompleted; i++)
        {
            Assert.True(i < 100_000, "Somebody waits for ever.");
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
