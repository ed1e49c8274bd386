using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Ledger;
using BackupFunctions.Status;
using BackupFunctions.Storage;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Core.Tests.Broker;

/// <summary>A sign-out that only one process would know, until it ends, is none; and nobody is told that it is one.</summary>
public sealed class SignOutWithoutStorageTests
{
    private readonly TokenWorld _world = new(rotatesRefreshTokens: true);
    private readonly FakeLedgerContainer _storage = new();
    private int _ended;

    public SignOutWithoutStorageTests()
    {
        _world.Vendor.EndsSession = (_, _) => Task.FromResult(++_ended);
    }

    [Fact]
    public async Task A_sign_out_that_is_not_recorded_is_refused_with_what_to_do_and_changes_nothing()
    {
        var (here, there) = (Start(), Start());
        var token = await here.GetAsync();
        await there.GetAsync();
        _storage.IsAway = true;

        var failure = (await Assert.ThrowsAsync<TokenException>(here.SignOutAsync)).Failure;

        Assert.Equal((FailureKind.BackingOff, false), (failure.Kind, failure.NeedsOperator));
        Assert.Equal(BlobLedger.OutagePause, failure.RetryAfter);
        Assert.Contains("fake/default was not signed out", failure.Problem, StringComparison.Ordinal);
        Assert.Contains("disable its credential in the vault", failure.Remedy, StringComparison.Ordinal);
        Assert.Equal(0, _ended);
        Assert.NotNull(_world.Store.RefreshTokenOf(_world.Connection));
        Assert.All([await here.GetAsync(), await there.GetAsync(), await Start().GetAsync()], served =>
            Assert.Equal(token.Fingerprint, served.Fingerprint)
        );
    }

    [Fact]
    public async Task What_was_refused_does_not_come_true_later_and_the_next_request_signs_out_everywhere()
    {
        var (here, there) = (Start(), Start());
        await here.GetAsync();
        await there.GetAsync();
        _storage.IsAway = true;
        await Assert.ThrowsAsync<TokenException>(here.SignOutAsync);
        _storage.IsAway = false;
        _world.Advance(10);
        await here.Poller.PollAsync(CancellationToken.None);
        var before = (await here.StatusAsync()).Health;

        await here.SignOutAsync();
        await there.Poller.PollAsync(CancellationToken.None);

        Assert.Equal((ConnectionHealth.Healthy, 1), (before, _ended));
        await Failing.With(FailureKind.SignedOut, there.GetAsync());
        await Failing.With(FailureKind.SignedOut, Start().GetAsync());
    }

    [Fact]
    public async Task A_sign_out_that_is_recorded_at_first_and_not_in_its_turn_is_not_confirmed_and_ends_nothing()
    {
        var here = Start();
        await here.GetAsync();
        var writes = 0;
        _storage.BeforeWrite = () => _storage.IsAway = ++writes > 1;

        await Failing.With(FailureKind.BackingOff, SignOutAsync(here));

        _storage.BeforeWrite = static () => { };
        _storage.IsAway = false;
        Assert.Equal((2, 0), (writes, _ended));
        Assert.NotNull(_world.Store.RefreshTokenOf(_world.Connection));
        await Failing.With(FailureKind.SignedOut, Start().GetAsync());
    }

    [Fact]
    public async Task A_sign_out_whose_record_arrives_without_an_answer_is_confirmed_by_the_next_request()
    {
        var here = Start();
        await here.GetAsync();
        _storage.LosesAnswers = true;
        await Failing.With(FailureKind.BackingOff, SignOutAsync(here));
        _storage.LosesAnswers = false;
        _world.Advance(10);

        await here.SignOutAsync();

        Assert.Equal(1, _ended);
        await Failing.With(FailureKind.SignedOut, Start().GetAsync());
    }

    [Fact]
    public async Task A_ledger_tells_whether_all_processes_know_a_change_and_keeps_none_that_they_do_not()
    {
        var ledger = Ledger();
        var key = _world.Connection.Key;
        _storage.IsAway = true;

        var away = await ledger.TryUpdateAsync(key, entry => entry with { FailuresInRow = 1 }, CancellationToken.None);
        _storage.IsAway = false;
        _world.Advance(10);
        var back = await ledger.TryUpdateAsync(
            key,
            entry => entry with { FailuresInRow = entry.FailuresInRow + 2 },
            CancellationToken.None
        );

        Assert.Equal((false, true), (away, back));
        Assert.Equal(2, StoredEntry.Read(_storage.Get(key), _world.Now).Entry.FailuresInRow);
        Assert.True(await new InMemoryLedger().TryUpdateAsync(key, entry => entry, CancellationToken.None));
    }

    private static async Task<AccessToken> SignOutAsync(TokenProcess process)
    {
        await process.SignOutAsync();
        throw new InvalidOperationException("It was confirmed.");
    }

    private TokenProcess Start() => _world.StartProcess(ledger: Ledger());

    private BlobLedger Ledger() =>
        new(new LedgerBlobs(_storage, NullLogger.Instance), _world.Time, NullLogger<BlobLedger>.Instance);
}
