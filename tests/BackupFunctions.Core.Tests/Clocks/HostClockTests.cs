using BackupFunctions.Clocks;
using BackupFunctions.Testing;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Clocks;

public sealed class HostClockTests
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);
    private static readonly Uri Vault = new("https://vault.test/");

    private readonly TestTime _truth = new();
    private readonly SteppedTime _host;

    public HostClockTests() => _host = new SteppedTime(_truth);

    [Fact]
    public void A_system_clock_that_is_set_back_changes_nothing()
    {
        var clock = new HostClock(_host);
        _truth.Advance(TenMinutes);

        _host.Ahead = -TenMinutes;

        Assert.Equal(_truth.GetUtcNow(), clock.GetUtcNow());
        _truth.Advance(TenMinutes);
        Assert.Equal(_truth.GetUtcNow(), clock.GetUtcNow());
    }

    [Fact]
    public void A_suspended_host_lacks_no_time_and_neither_does_one_whose_clock_was_set_back_before()
    {
        var clock = new HostClock(_host);
        _host.Ahead = -TenMinutes;
        Assert.Equal(_truth.GetUtcNow(), clock.GetUtcNow());

        var asleep = _truth.GetTimestamp();
        _truth.Advance(TimeSpan.FromHours(8));
        _host.SuspendedSince(asleep);

        Assert.Equal(_truth.GetUtcNow(), clock.GetUtcNow());
    }

    [Fact]
    public void A_system_clock_that_is_set_forward_is_followed_until_the_vault_contradicts()
    {
        var clock = new HostClock(_host);
        Show(clock, _truth.GetUtcNow());
        DateTimeOffset? rightUpTo = null;
        clock.OnCorrection((instant, by) => rightUpTo = by < TimeSpan.Zero ? instant : null);

        _truth.Advance(TenMinutes);
        _host.Ahead = TenMinutes;
        Assert.Equal(_truth.GetUtcNow() + TenMinutes, clock.GetUtcNow());
        Show(clock, _truth.GetUtcNow());

        Assert.Equal(TimeSpan.Zero, Error(clock));
        Assert.Equal(TestTime.Noon, rightUpTo);
        Assert.Equal(TenMinutes, Rounded(clock.HostAhead));
        Assert.Equal(_host.GetUtcNow(), clock.ToHost(_truth.GetUtcNow()), TimeSpan.FromSeconds(1));
        Assert.Equal(_truth.GetUtcNow(), clock.FromHost(_host.GetUtcNow()), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    [InlineData(-6)]
    [InlineData(6)]
    public void A_host_that_starts_with_a_wrong_clock_is_right_after_the_vaults_first_reply(int seconds)
    {
        _host.Ahead = TimeSpan.FromSeconds(seconds);
        var clock = new HostClock(_host);
        Assert.Null(clock.HostAhead);

        Show(clock, _truth.GetUtcNow());

        Assert.Equal(TimeSpan.Zero, Error(clock));
        Assert.Equal(_host.Ahead, Rounded(clock.HostAhead));
    }

    [Theory]
    [InlineData(-600, "600 s behind: set it.")]
    [InlineData(600, "600 s ahead: set it.")]
    public void A_correction_is_logged_with_what_is_wrong(int seconds, string words)
    {
        _host.Ahead = TimeSpan.FromSeconds(seconds);
        var log = new LogRecorder();
        using var logs = LoggerFactory.Create(logging => logging.AddSuiteLog().AddRecorder(log));
        var clock = new HostClock(_host, logs.CreateLogger<HostClock>());

        Show(clock, _truth.GetUtcNow().AddSeconds(-0.5));

        var told = Assert.Single(log.Events);
        Assert.Equal((6001, LogLevel.Warning), (told.EventId.Id, told.Level));
        Assert.EndsWith($"This host's own clock is {words}", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_somebody_puts_right_is_right_and_time_does_not_jump()
    {
        _host.Ahead = -TenMinutes;
        var clock = new HostClock(_host);
        Show(clock, _truth.GetUtcNow());
        var before = clock.GetUtcNow();

        _host.Ahead = TimeSpan.Zero;

        Assert.Equal(before, clock.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, clock.HostAhead);
    }

    [Fact]
    public void Nothing_is_corrected_by_less_than_replies_and_whole_seconds_may_differ()
    {
        var clock = new HostClock(_host);

        Show(clock, _truth.GetUtcNow().AddSeconds(4));

        Assert.Equal(_truth.GetUtcNow(), clock.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, clock.HostAhead);
    }

    [Fact]
    public void Replies_that_took_long_tell_no_time()
    {
        var clock = new HostClock(_host);
        var sent = clock.GetTimestamp();
        _truth.Advance(TimeSpan.FromSeconds(5));
        Assert.NotNull(ServerTime.Of(Vault, isVault: true, _truth.GetUtcNow(), sent, clock));
        _truth.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(ServerTime.Of(Vault, isVault: true, _truth.GetUtcNow(), sent, clock));
    }

    [Fact]
    public void What_vendors_showed_before_the_host_was_suspended_is_no_evidence_after_it()
    {
        var clock = new HostClock(_host);
        Show(clock, _truth.GetUtcNow() + TenMinutes, "a.test");
        var asleep = _truth.GetTimestamp();
        _truth.Advance(TimeSpan.FromHours(1));
        _host.SuspendedSince(asleep);
        Assert.Equal(_truth.GetUtcNow(), clock.GetUtcNow());

        // What b shows now is what a would show by the monotonic clock, which has not counted the hour.
        Show(clock, _truth.GetUtcNow() + TenMinutes - TimeSpan.FromHours(1), "b.test");

        Assert.Equal(_truth.GetUtcNow(), clock.GetUtcNow());
    }

    [Fact]
    public void However_many_vendors_there_are_the_vault_is_remembered()
    {
        var clock = new HostClock(_host);
        Show(clock, _truth.GetUtcNow());

        for (var i = 0; i < 100; i++)
            Show(clock, _truth.GetUtcNow() + TenMinutes, $"{i}.test");

        Assert.Equal(_truth.GetUtcNow(), clock.GetUtcNow());
    }

    private static TimeSpan? Rounded(TimeSpan? ahead) =>
        ahead is { } known ? TimeSpan.FromSeconds(Math.Round(known.TotalSeconds)) : null;

    /// <summary>How far the clock is off, but for the second that a Date cuts off.</summary>
    private TimeSpan Error(HostClock clock)
    {
        var error = clock.GetUtcNow() - _truth.GetUtcNow();
        return error.Duration() <= TimeSpan.FromSeconds(1) ? TimeSpan.Zero : error;
    }

    private static void Show(HostClock clock, DateTimeOffset date, string? vendor = null)
    {
        var server = vendor is null ? Vault : new Uri($"https://{vendor}/");
        clock.Observe(
            ServerTime.Of(server, isVault: vendor is null, date, clock.GetTimestamp(), clock)
                ?? throw new InvalidOperationException("It took too long.")
        );
    }
}
