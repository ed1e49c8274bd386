using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Ledger;
using BackupFunctions.Storage;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Storage;

/// <summary>What becomes of entries while their storage is away, and how they are merged when it is back.</summary>
public sealed partial class BlobLedgerTests
{
    [Fact]
    public async Task While_storage_is_away_a_process_goes_on_with_what_it_knows_and_tells_the_others_afterwards()
    {
        await using var mine = await AzuriteServer.StartAsync();
        var (here, there) = (Ledger(mine, _requests), Ledger(mine));
        await here.UpdateAsync(_key, entry => entry with { LastFailureAt = Noon, FailuresInRow = 1 }, Cancel);
        await mine.StopAsync();

        await here.UpdateAsync(
            _key,
            entry => entry with { LastFailureAt = Noon.AddSeconds(1), FailuresInRow = entry.FailuresInRow + 1 },
            Cancel
        );
        var asked = _requests.Ended.Count;
        var meanwhile = await here.ReadAsync(_key, newest: true, Cancel);
        var askedMeanwhile = _requests.Ended.Count - asked;
        await mine.StartAgainAsync();
        _time.Advance(BlobLedger.OutagePause);
        await here.ReadAsync(_key, newest: false, Cancel);

        Assert.Equal((2, 0), (meanwhile.FailuresInRow, askedMeanwhile));
        Assert.Equal(2, (await there.ReadAsync(_key, newest: true, Cancel)).FailuresInRow);
        Assert.Equal(1, _log.Events.Count(logged => logged.EventId.Id == 4008));
    }

    [Fact]
    public async Task What_happened_last_counts_after_an_outage_and_no_refusal_is_forgotten()
    {
        await using var mine = await AzuriteServer.StartAsync();
        var (here, there) = (Ledger(mine), Ledger(mine));
        await mine.StopAsync();
        await here.UpdateAsync(
            _key,
            entry =>
                entry with
                {
                    LastFailureAt = Noon,
                    FailuresInRow = 1,
                    NextAttempt = Noon.AddHours(1),
                    Refusals = [Noon],
                    Rejected = ["aa"],
                    OneTimeCodeStep = 7,
                },
            Cancel
        );
        await mine.StartAgainAsync();
        await there.UpdateAsync(
            _key,
            _ => new LedgerEntry
            {
                LastSuccess = Noon.AddSeconds(5),
                Rejected = ["bb"],
                OneTimeCodeStep = 6,
            },
            Cancel
        );

        _time.Advance(BlobLedger.OutagePause);
        var merged = await here.ReadAsync(_key, newest: true, Cancel);

        Assert.Equal((Noon.AddSeconds(5), null, 0), (merged.LastSuccess, merged.NextAttempt, merged.FailuresInRow));
        Assert.Equal((1, 7L), (merged.Refusals.Count, merged.OneTimeCodeStep));
        Assert.Equal(["aa", "bb"], merged.Rejected.Order());
        Assert.Equivalent(merged, await there.ReadAsync(_key, newest: true, Cancel), strict: true);
    }

    [Fact]
    public async Task What_was_noted_while_storage_failed_is_not_forgotten_for_a_reply_that_was_on_its_way_before()
    {
        var server = await azurite.ServerAsync();
        var (here, there) = (Ledger(server, _requests), Ledger(server));
        await there.UpdateAsync(_key, entry => entry with { LastFailureAt = Noon, FailuresInRow = 1 }, Cancel);
        var held = _requests.HoldsReply = new HeldCall();
        var reading = here.ReadAsync(_key, newest: true, Cancel).AsTask();
        await held.Entered;

        _requests.IsCut = true;
        await here.UpdateAsync(
            _key,
            entry =>
                entry with
                {
                    LastFailureAt = Noon.AddSeconds(1),
                    FailuresInRow = 2,
                    NextAttempt = Noon.AddHours(1),
                },
            Cancel
        );
        held.Release();
        await reading;
        var known = await here.ReadAsync(_key, newest: true, Cancel);
        _requests.IsCut = false;
        _time.Advance(BlobLedger.OutagePause);
        await here.ReadAsync(_key, newest: false, Cancel);

        Assert.Equal(Noon.AddHours(1), known.NextAttempt);
        Assert.Equal((2, Noon.AddHours(1)), await ToldAsync(there));

        async Task<(int, DateTimeOffset?)> ToldAsync(BlobLedger ledger)
        {
            var entry = await ledger.ReadAsync(_key, newest: true, Cancel);
            return (entry.FailuresInRow, entry.NextAttempt);
        }
    }

    [Fact]
    public async Task What_was_noted_while_storage_was_away_is_told_by_the_next_look_at_what_changed()
    {
        var server = await azurite.ServerAsync();
        var (here, there) = (Ledger(server, _requests), Ledger(server));
        _requests.IsCut = true;
        await here.UpdateAsync(_key, entry => entry with { LastFailureAt = Noon, FailuresInRow = 1 }, Cancel);
        _requests.IsCut = false;
        _time.Advance(BlobLedger.OutagePause);

        await foreach (var changed in here.ReadChangedAsync(static _ => false, Cancel))
        {
            Assert.Fail($"{changed.Key} was not asked for.");
        }

        Assert.Equal(1, (await there.ReadAsync(_key, newest: true, Cancel)).FailuresInRow);
    }

    [Fact]
    public async Task A_change_that_was_listed_and_could_not_be_read_is_told_by_the_next_look()
    {
        var server = await azurite.ServerAsync();
        var (here, there) = (Ledger(server, _requests), Ledger(server));
        await there.UpdateAsync(_key, entry => entry with { FailuresInRow = 1 }, Cancel);
        await ChangedAsync(here);
        await there.UpdateAsync(_key, entry => entry with { FailuresInRow = 2 }, Cancel);

        var cutOff = await ChangedAsync(here, () => _requests.IsCut = true);
        _requests.IsCut = false;
        _time.Advance(BlobLedger.OutagePause);
        var afterwards = await ChangedAsync(here);

        Assert.Equal((_key, 1), Assert.Single(cutOff));
        Assert.Equal((_key, 2), Assert.Single(afterwards));
    }

    [Fact]
    public async Task Who_looks_at_all_entries_sees_what_this_process_changed_at_once_and_what_is_not_stored_yet()
    {
        await using var mine = await AzuriteServer.StartAsync();
        var ledger = Ledger(mine);
        await ledger.UpdateAsync(_key, entry => entry with { FailuresInRow = 1 }, Cancel);
        await ledger.ReadAllAsync([_key], Cancel);
        await ledger.UpdateAsync(_key, entry => entry with { FailuresInRow = 2 }, Cancel);

        var stored = await ledger.ReadAllAsync([_key], Cancel);
        await mine.StopAsync();
        await ledger.UpdateAsync(_key, entry => entry with { FailuresInRow = 3 }, Cancel);
        _time.Advance(BlobLedger.ListedFor);
        var away = await ledger.ReadAllAsync([_key], Cancel);
        await mine.StartAgainAsync();
        _time.Advance(BlobLedger.OutagePause);
        var back = await ledger.ReadAllAsync([_key], Cancel);

        Assert.Equal((2, 3, 3), (stored[_key].FailuresInRow, away[_key].FailuresInRow, back[_key].FailuresInRow));
    }

    [Fact]
    public async Task Where_nothing_was_ever_written_or_storage_is_away_no_change_is_told()
    {
        await using var mine = await AzuriteServer.StartAsync();
        var ledger = Ledger(mine);

        var before = await ChangedAsync(ledger);
        await mine.StopAsync();
        var away = await ChangedAsync(ledger);

        Assert.Empty(before);
        Assert.Empty(away);
        Assert.Equal(1, _log.Events.Count(logged => logged.EventId.Id == 4008));
    }
}
