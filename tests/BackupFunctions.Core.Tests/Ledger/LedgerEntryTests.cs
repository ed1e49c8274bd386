using BackupFunctions.Ledger;

namespace BackupFunctions.Core.Tests.Ledger;

/// <summary>What becomes of two records that were written apart.</summary>
public sealed class LedgerEntryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Two_refusals_of_one_instant_stay_two()
    {
        var stored = new LedgerEntry { Refusals = [Noon, Noon, Noon.AddMinutes(2)] };

        var merged = stored.MergedWith(new LedgerEntry { Refusals = [Noon, Noon, Noon.AddMinutes(1)] });

        Assert.Equal([Noon, Noon, Noon.AddMinutes(1), Noon.AddMinutes(2)], merged.Refusals);
    }

    [Fact]
    public void What_was_noted_without_an_event_counts_over_the_entry_that_it_was_noted_over()
    {
        var stored = new LedgerEntry { LastSuccess = Noon };

        var merged = stored.MergedWith(stored with { DoubtfulRefreshToken = "0123456789abcdef" });

        Assert.Equal("0123456789abcdef", merged.DoubtfulRefreshToken);
    }

    [Fact]
    public void A_refresh_token_that_may_be_spent_stays_so_whatever_else_was_noted()
    {
        var doubtful = new LedgerEntry { LastSuccess = Noon, DoubtfulRefreshToken = "0123456789abcdef" };
        var (same, later) = (
            new LedgerEntry { LastSuccess = Noon },
            new LedgerEntry { LastSuccess = Noon.AddSeconds(1) }
        );

        Assert.Equal("0123456789abcdef", doubtful.MergedWith(same).DoubtfulRefreshToken);
        Assert.Equal("0123456789abcdef", later.MergedWith(doubtful).DoubtfulRefreshToken);
        Assert.Equal("0123456789abcdef", LedgerEntry.Empty.MergedWith(doubtful).DoubtfulRefreshToken);
    }

    [Fact]
    public void Who_has_a_refresh_token_in_memory_is_not_taken_for_dead_after_a_merge()
    {
        var stored = new LedgerEntry
        {
            LastSuccess = Noon,
            SpentRefreshToken = "0123456789abcdef",
            UnsavedSeenAt = Noon.AddMinutes(9),
        };

        Assert.Equal(
            Noon.AddMinutes(9),
            stored.MergedWith(stored with { UnsavedSeenAt = Noon.AddMinutes(1) }).UnsavedSeenAt
        );
        Assert.Null(
            stored
                .MergedWith(
                    new LedgerEntry { LastSuccess = Noon.AddMinutes(10), SpentRefreshToken = "fedcba9876543210" }
                )
                .UnsavedSeenAt
        );
    }
}
