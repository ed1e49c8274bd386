using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Renewal;

public sealed class BackOffTests
{
    private readonly TokenWorld _world = new();

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(3, 120)]
    [InlineData(5, 480)]
    [InlineData(6, 900)]
    [InlineData(7, 900)]
    [InlineData(1000, 900)]
    public void The_wait_is_30_s_doubling_to_15_minutes_and_up_to_a_fifth_shorter_by_chance(
        int failuresInRow,
        int seconds
    )
    {
        var waits = Enumerable
            .Range(0, 100)
            .Select(_ => BackOff.After(failuresInRow, retryAfter: null, _world.Random.NextDouble()).TotalSeconds)
            .ToList();

        Assert.All(waits, wait => Assert.InRange(wait, seconds * 0.8, seconds));
        Assert.Equal(100, waits.Distinct().Count());
    }

    [Theory]
    [InlineData(FailureKind.VendorUnavailable)]
    [InlineData(FailureKind.VendorThrottled)]
    [InlineData(FailureKind.VendorReplyUnusable)]
    [InlineData(FailureKind.VaultUnavailable)]
    public async Task What_may_heal_by_itself_is_backing_off_while_nothing_is_tried(FailureKind kind)
    {
        _world.Vendor.FailsOnce(kind);
        var tried = await Failing.With(kind, _world.Process.GetAsync());
        _world.Advance(10);

        var waiting = await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());

        Assert.Equal((false, true), (tried.WasNotTried, waiting.WasNotTried));
        Assert.InRange(tried.RetryAfter!.Value.TotalSeconds, 24, 30);
        Assert.Equal(tried.RetryAfter - TimeSpan.FromSeconds(10), waiting.RetryAfter);
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Theory]
    [InlineData(FailureKind.CredentialsRefused)]
    [InlineData(FailureKind.EnrolmentNeeded)]
    [InlineData(FailureKind.ServerNotTrusted)]
    [InlineData(FailureKind.ScopeRefused)]
    [InlineData(FailureKind.SignedOut)]
    public async Task What_an_operator_must_mend_says_so_while_nothing_is_tried(FailureKind kind)
    {
        _world.Vendor.FailsOnce(kind);
        await Failing.With(kind, _world.Process.GetAsync());

        var waiting = await Failing.With(kind, _world.Process.GetAsync());

        Assert.True(waiting.WasNotTried);
        Assert.Null(waiting.RetryAfter);
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Theory]
    [InlineData(FailureKind.CredentialMissing)]
    [InlineData(FailureKind.VaultAccessDenied)]
    public async Task What_an_operator_mends_in_the_vault_works_within_three_seconds(FailureKind kind)
    {
        _world.Credentials.Outage = kind;
        await Failing.With(kind, _world.Process.GetAsync());
        await Failing.With(kind, _world.Process.GetAsync());
        _world.Credentials.Outage = null;
        _world.Advance(3);

        var token = await _world.Process.GetAsync();

        Assert.NotNull(token);
    }

    [Fact]
    public async Task Each_failure_in_a_row_doubles_the_wait_and_a_success_ends_the_row()
    {
        var waits = new List<double>();
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");
        for (var i = 0; i < 7; i++)
        {
            var failure = await Failing.With(FailureKind.VendorUnavailable, _world.Process.GetAsync());
            waits.Add(failure.RetryAfter!.Value.TotalSeconds);
            _world.Time.Advance(failure.RetryAfter.Value);
        }

        _world.Vendor.Outage = null;
        var token = await _world.Process.GetAsync();
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);
        var afterwards = await Failing.With(FailureKind.VendorUnavailable, _world.Process.RejectAsync(token));

        Assert.All(waits.Zip([30, 60, 120, 240, 480, 900, 900]), pair =>
            Assert.InRange(pair.First, pair.Second * 0.8, pair.Second)
        );
        Assert.InRange(afterwards.RetryAfter!.Value.TotalSeconds, 24, 30);
        Assert.Equal(9, _world.Vendor.Calls);
    }

    [Fact]
    public async Task All_callers_share_the_back_off()
    {
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");
        await Failing.With(FailureKind.VendorUnavailable, _world.Process.GetAsync());

        for (var i = 0; i < 100; i++)
        {
            await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());
        }

        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task Processes_that_share_a_ledger_share_the_back_off()
    {
        var other = _world.StartProcess(ledger: _world.Process.Ledger);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);
        await Failing.With(FailureKind.VendorUnavailable, _world.Process.GetAsync());

        await Failing.With(FailureKind.BackingOff, other.GetAsync());

        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task One_who_waited_for_the_lock_respects_the_failure_of_the_one_before()
    {
        var other = _world.StartProcess(ledger: _world.Process.Ledger);
        var held = _world.Vendor.HoldsOnce();
        _world.Vendor.RefusedVersions.Add("v1");
        var first = _world.Process.GetAsync();
        await held.Entered;
        var second = other.GetAsync();

        held.Release();

        await Failing.With(FailureKind.CredentialsRefused, first);
        await Failing.With(FailureKind.CredentialsRefused, second);
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Theory]
    [InlineData(600, 600)]
    [InlineData(3600, 3600)]
    [InlineData(86400, 3600)]
    public async Task A_longer_Retry_After_becomes_the_back_off_up_to_an_hour(int asked, int expected)
    {
        _world.Vendor.FailsOnce(FailureKind.VendorThrottled, TimeSpan.FromSeconds(asked));

        var failure = await Failing.With(FailureKind.VendorThrottled, _world.Process.GetAsync());
        _world.Advance(expected - 1);
        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());
        _world.Advance(1);

        Assert.NotNull(await _world.Process.GetAsync());
        Assert.Equal(TimeSpan.FromSeconds(expected), failure.RetryAfter);
    }

    [Fact]
    public async Task A_shorter_Retry_After_does_not_shorten_the_back_off()
    {
        _world.Vendor.FailsOnce(FailureKind.VendorThrottled, TimeSpan.FromSeconds(1));

        var failure = await Failing.With(FailureKind.VendorThrottled, _world.Process.GetAsync());

        Assert.InRange(failure.RetryAfter!.Value.TotalSeconds, 24, 30);
    }

    [Fact]
    public async Task A_token_that_another_process_saved_is_found_while_nothing_may_be_tried_here()
    {
        await _world.Process.GetAsync();
        _world.Advance(3600);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);
        await Failing.With(FailureKind.VendorUnavailable, _world.Process.GetAsync());
        _world.Store.Put(_world.Connection, _world.ForeignToken());
        _world.Advance(1);

        var token = await _world.Process.GetAsync();

        Assert.Equal("foreign-access-token", token.Reveal());
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task While_nothing_may_be_tried_the_vault_is_asked_for_news_once_a_second()
    {
        _world.Vendor.FailsOnce(FailureKind.CredentialsRefused);
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        var (reads, vaultReads) = (_world.Store.Reads, _world.Credentials.VaultReads);

        for (var i = 0; i < 100; i++)
        {
            await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        }

        Assert.Equal((reads, vaultReads), (_world.Store.Reads, _world.Credentials.VaultReads));
    }

    [Fact]
    public async Task The_ledger_tells_what_failed_when_and_until_when()
    {
        _world.Vendor.FailsOnce(FailureKind.VendorThrottled, TimeSpan.FromSeconds(600));
        await Failing.With(FailureKind.VendorThrottled, _world.Process.GetAsync());

        var entry = await _world.Process.EntryAsync();

        Assert.Equal((FailureKind.VendorThrottled, 1), (entry.LastFailure?.Kind, entry.FailuresInRow));
        Assert.Equal((_world.Now, _world.Now + TimeSpan.FromSeconds(600)), (entry.LastFailureAt, entry.NextAttempt));
    }
}
