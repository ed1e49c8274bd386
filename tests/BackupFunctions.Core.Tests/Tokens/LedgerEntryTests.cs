using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Tokens;

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
    public void What_was_noted_without_an_event_does_not_count_over_a_later_success()
    {
        var noted = new LedgerEntry { LastSuccess = Noon, DoubtfulRefreshToken = "0123456789abcdef" };

        Assert.Null(new LedgerEntry { LastSuccess = Noon.AddSeconds(1) }.MergedWith(noted).DoubtfulRefreshToken);
    }
}
