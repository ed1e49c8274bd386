using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Broker;

public sealed class RefreshWindowTests
{
    private readonly TokenWorld _world = new();

    [Theory]
    [InlineData(3600, null, 900)]
    [InlineData(7200, null, 900)]
    [InlineData(2700, null, 900)]
    [InlineData(900, null, 300)]
    [InlineData(3600, 60, 60)]
    [InlineData(3600, 1700, 1700)]
    [InlineData(3600, 1800, 1800)]
    [InlineData(3600, 7200, 1800)]
    public void The_window_is_a_third_of_the_life_at_most_900_s_or_as_set_and_never_more_than_half(
        int lifetime,
        int? refreshBefore,
        int expected
    )
    {
        var now = _world.Now;
        var token = _world.ForeignToken(lifetime: lifetime);

        var refreshAt = token.RefreshAt(refreshBefore is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

        Assert.Equal(now + TimeSpan.FromSeconds(lifetime - expected), refreshAt);
    }

    [Fact]
    public async Task A_new_token_that_is_rejected_before_its_renewal_is_over_is_not_handed_out()
    {
        var ledger = new HeldLedger(new InMemoryLedger());
        var process = _world.StartProcess(ledger: ledger);
        await process.GetAsync();
        _world.Advance(2700);
        var record = ledger.HoldsOnce();
        var call = process.GetAsync();
        await record.Entered;

        // Somebody has read it in the vault.
        var rejected = _world.Store.AccessTokenOf(_world.Connection)!;
        var report = process.RejectAsync(rejected);
        record.Release();

        Assert.NotEqual(rejected.Fingerprint, (await call).Fingerprint);
        Assert.NotEqual(rejected.Fingerprint, (await report).Fingerprint);
    }

    [Theory]
    [InlineData(null, 2699, 1)]
    [InlineData(null, 2700, 2)]
    [InlineData(600, 2999, 1)]
    [InlineData(600, 3000, 2)]
    public async Task A_renewal_is_tried_inside_the_window_and_not_before(int? refreshBefore, int age, int vendorCalls)
    {
        var world = new TokenWorld(refreshBefore: refreshBefore is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        var old = await world.Process.GetAsync();
        world.Advance(age);

        var token = await world.Process.GetAsync();

        Assert.Equal(vendorCalls, world.Vendor.Calls);
        Assert.Equal(vendorCalls == 1, old == token);
    }

    [Fact]
    public async Task Serves_the_old_token_while_it_lives_when_renewal_fails()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(3000);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);

        var token = await _world.Process.GetAsync();

        Assert.Same(old, token);
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Theory]
    [InlineData(FailureKind.CredentialsRefused)]
    [InlineData(FailureKind.CredentialMissing)]
    [InlineData(FailureKind.ServerNotTrusted)]
    public async Task Serves_the_old_token_whatever_stands_in_the_way_of_a_renewal(FailureKind kind)
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(3000);
        _world.Vendor.FailsOnce(kind);

        var token = await _world.Process.GetAsync();

        Assert.Same(old, token);
    }

    [Fact]
    public async Task Serves_the_old_token_when_something_breaks_that_nobody_foresaw()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(3000);
        _world.Store.BeforeRead = () => throw new InvalidOperationException("A fault of the store.");

        var token = await _world.Process.GetAsync();

        Assert.Same(old, token);
    }

    [Fact]
    public async Task The_one_who_starts_the_renewal_waits_a_second_for_it_and_the_others_get_the_old_token_at_once()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(3000);
        var held = _world.Vendor.HoldsOnce();
        var starter = _world.Process.GetAsync();
        await held.Entered;

        var others = Enumerable.Range(0, 50).Select(_ => _world.Process.GetAsync()).ToList();
        var wereServedAtOnce = others.TrueForAll(other => other.IsCompletedSuccessfully);
        _world.Advance(0.9);
        var waitedStill = !starter.IsCompleted;
        _world.Advance(0.1);

        Assert.True(wereServedAtOnce);
        Assert.True(waitedStill);
        Assert.Same(old, await starter);
        Assert.All(await Task.WhenAll(others), token => Assert.Same(old, token));
        Assert.Equal(2, _world.Vendor.Calls);
        held.Release();
    }

    [Fact]
    public async Task A_renewal_that_took_longer_than_its_starter_waited_serves_those_who_come_later()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(3000);
        var held = _world.Vendor.HoldsOnce();
        var starter = _world.Process.GetAsync();
        await held.Entered;
        _world.Advance(1);
        await starter;

        held.Release();
        await _world.Process.DrainAsync();
        var later = await _world.Process.GetAsync();

        Assert.NotSame(old, later);
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_renewal_within_the_second_is_handed_to_the_one_who_started_it()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(3000);
        var held = _world.Vendor.HoldsOnce();
        var starter = _world.Process.GetAsync();
        await held.Entered;

        held.Release();

        Assert.NotSame(old, await starter);
    }

    [Fact]
    public async Task A_token_that_fell_short_while_its_caller_waited_that_second_is_served_all_the_same()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(3600 - 60.5);
        var held = _world.Vendor.HoldsOnce();
        var starter = _world.Process.GetAsync();
        await held.Entered;

        _world.Advance(1);

        Assert.Same(old, await starter);
        held.Release();
    }

    [Fact]
    public async Task A_token_that_died_while_its_caller_waited_that_second_makes_it_wait_for_the_renewal()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(3600 - 0.5);
        var held = _world.Vendor.HoldsOnce();
        var starter = _world.Process.GetAsync(minimumLifetime: 0);
        await held.Entered;
        _world.Advance(1);

        held.Release();

        Assert.NotSame(old, await starter);
    }

    [Fact]
    public async Task A_token_that_was_rejected_while_its_caller_waited_that_second_makes_it_wait_for_the_renewal()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(3000);
        var held = _world.Vendor.HoldsOnce();
        var starter = _world.Process.GetAsync();
        await held.Entered;
        var rejecting = _world.Process.RejectAsync(old);
        _world.Advance(1);

        held.Release();

        Assert.NotSame(old, await starter);
        Assert.Same(await rejecting, await starter);
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_token_that_was_rejected_when_its_successor_was_there_and_not_saved_is_not_served_either()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(3000);
        var saving = new HeldCall();
        _world.Store.BeforeWrite = _ => saving.EnterAsync();
        var starter = _world.Process.GetAsync();
        await saving.Entered;

        var rejecting = _world.Process.RejectAsync(old);
        await _world.AdvanceUntilAsync(() => rejecting.IsCompleted || starter.IsCompleted);
        _world.Advance(2);
        saving.Release();

        Assert.NotEqual(old.Fingerprint, (await starter).Fingerprint);
        Assert.NotEqual(old.Fingerprint, (await rejecting).Fingerprint);
    }

    [Fact]
    public async Task Back_off_is_respected_in_the_window()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(2800);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);
        await _world.Process.GetAsync();
        var (reads, locks) = (_world.Store.Reads, _world.Locks.Acquired);
        _world.Advance(20);

        var token = await _world.Process.GetAsync();

        Assert.Same(old, token);
        Assert.Equal((2, reads, locks), (_world.Vendor.Calls, _world.Store.Reads, _world.Locks.Acquired));
    }

    [Fact]
    public async Task After_the_back_off_a_renewal_is_tried_again()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(2800);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);
        await _world.Process.GetAsync();
        _world.Advance(30);

        var token = await _world.Process.GetAsync();

        Assert.NotSame(old, token);
        Assert.Equal(3, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_renewal_by_another_process_is_found_in_the_vault()
    {
        await _world.Process.GetAsync();
        _world.Advance(3000);
        _world.Store.Put(_world.Connection, _world.ForeignToken());

        var token = await _world.Process.GetAsync();

        Assert.Equal("foreign-access-token", token.Reveal());
        Assert.Equal(1, _world.Vendor.Calls);
    }
}
