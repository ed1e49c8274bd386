using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.History;
using BackupFunctions.Ledger;
using BackupFunctions.Storage;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.History;

/// <summary>A connection's last day and its last events, whatever clocks, instances and blobs do to them.</summary>
public sealed class ConnectionHistoryTests
{
    private static readonly DateTimeOffset Noon = TestTime.Noon;
    private static readonly HistoryOutcome Down = HistoryOutcome.Of(FailureKind.VendorUnavailable);
    private static readonly HistoryOutcome Refused = HistoryOutcome.Of(FailureKind.CredentialsRefused);

    [Fact]
    public void Every_kind_of_failure_has_a_letter_of_its_own()
    {
        var outcomes = Enum.GetValues<FailureKind>().Select(HistoryOutcome.Of).ToList();

        Assert.Equal(outcomes.Count, outcomes.Distinct().Count());
        Assert.Equal(".rsbvtyunpxdmgec", string.Concat(HistoryOutcome.Every.Select(one => one.Letter)));
        Assert.All(HistoryOutcome.Every, one => Assert.Equal(one, HistoryOutcome.Of(one.Letter)));
        Assert.Equal(FailureKind.BackingOff, HistoryOutcome.Of('Z').Failure);
    }

    [Fact]
    public void A_quarter_shows_the_worst_of_it_and_what_lasts_goes_on_until_something_else_happens()
    {
        var history = ConnectionHistory
            .Empty.With(At(-120, HistoryOutcome.Renewed))
            .With(At(-60, Down))
            .With(At(-46, Down))
            .With(At(-30, Down))
            .With(At(-29, HistoryOutcome.Renewed));

        Assert.Equal("r...uuu.", Tail(history, Noon.AddMinutes(-1), 8));
        Assert.Equal("uuu..", Tail(history, Noon.AddMinutes(14), 5));
    }

    [Fact]
    public void What_happened_last_in_a_quarter_decides_how_it_goes_on()
    {
        var failed = ConnectionHistory.Empty.With(At(-30, HistoryOutcome.Renewed)).With(At(-29, Down));
        var mended = ConnectionHistory.Empty.With(At(-30, Down)).With(At(-29, HistoryOutcome.Renewed));

        Assert.Equal("uuu", Tail(failed, Noon, 3));
        Assert.Equal("u..", Tail(mended, Noon, 3));
    }

    [Fact]
    public void A_day_begins_as_the_one_before_ended()
    {
        var day = ConnectionHistory
            .Empty.With(At(-30, HistoryOutcome.Renewed))
            .DayUntil(Noon, HistoryOutcome.SignedOut);

        Assert.Equal(new string('s', 93) + "r..", Letters(day));
        Assert.Equal(Noon.AddMinutes(15 - (96 * 15)), ConnectionHistory.DayOf(Noon.AddMinutes(14)));
    }

    [Fact]
    public void What_is_older_than_a_day_is_dropped_and_so_are_events_before_the_last_twenty()
    {
        var history = ConnectionHistory.Empty;
        for (var hour = 0; hour < 100; hour++)
        {
            history = history.With(new HistoryEvent(Noon.AddHours(hour), HistoryOutcome.Renewed, Cause.Timer));
        }

        Assert.Equal(24, CellsOf(history));
        Assert.Equal(
            Enumerable.Range(80, 20).Select(hour => Noon.AddHours(hour)),
            history.Events.Select(one => one.At)
        );
    }

    [Fact]
    public void A_history_is_written_in_letters_that_people_can_read_and_is_read_again()
    {
        var history = ConnectionHistory
            .Empty.With(new HistoryEvent(Noon.AddHours(-1), HistoryOutcome.Renewed, Cause.Timer))
            .With(new HistoryEvent(Noon, Refused, new Cause(CauseKind.Refresh, "ann@contoso.com")));

        Assert.Equal(
            """{"cells":"1994828rraa3ccaa","events":["1795345200rt","1795348800crann@contoso.com"]}""",
            history.ToString()
        );
        Assert.Equal(history, Read(history.ToString()));
    }

    [Fact]
    public void A_history_never_takes_more_than_four_kilobytes_and_the_oldest_events_go_first()
    {
        var history = ConnectionHistory.Empty;
        var random = new SeededRandom(20261128);
        var largest = 0;
        for (var minute = 0; minute < 3 * 1440; minute += 7)
        {
            // Each of these takes six bytes in JSON.
            var name = new string('\u00e9', (int)(random.NextDouble() * 200));
            var next = new HistoryEvent(Noon.AddMinutes(minute), Refused, new Cause(CauseKind.Enrolment, name));
            history = history.With(next);
            largest = Math.Max(largest, Stored(history).Length);
            Assert.Equal(next, history.Events[^1]);
        }

        var twice = ConnectionHistory.Merge(history, Shifted(history, TimeSpan.FromDays(-1)))!;

        Assert.InRange(largest, 3500, ConnectionHistory.LargestSize);
        Assert.InRange(Stored(twice).Length, 3500, ConnectionHistory.LargestSize);
        Assert.Equal(96, CellsOf(history));
        Assert.Equal(192, CellsOf(twice));
        Assert.True(history.Events.Select(one => one.At).SequenceEqual(history.Events.Select(one => one.At).Order()));
    }

    [Fact]
    public void A_merge_is_the_same_whichever_record_is_named_first_and_however_often_it_is_made()
    {
        var random = new SeededRandom(20261129);
        for (var i = 0; i < 300; i++)
        {
            var (one, other, third) = (Random(random), Random(random), Random(random));

            var merged = ConnectionHistory.Merge(one, other)!;

            Assert.Equal(merged, ConnectionHistory.Merge(other, one));
            Assert.Equal(merged, ConnectionHistory.Merge(merged, one));
            Assert.Equal(merged, ConnectionHistory.Merge(merged, merged));
            Assert.Equal(
                ConnectionHistory.Merge(merged, third),
                ConnectionHistory.Merge(one, ConnectionHistory.Merge(other, third))
            );
            Assert.Equal(merged, Read(merged.ToString()));
        }
    }

    [Fact]
    public void A_merge_with_a_record_that_went_on_from_the_other_is_the_one_that_went_on()
    {
        var before = ConnectionHistory.Empty.With(At(-30, HistoryOutcome.Renewed)).With(At(-10, Down));
        var after = before.With(At(-9, HistoryOutcome.Renewed)).With(At(0, HistoryOutcome.SignedOut));

        Assert.Equal(after, ConnectionHistory.Merge(before, after));
    }

    [Fact]
    public void A_clock_that_was_ahead_is_set_back_in_what_it_recorded_and_nowhere_else()
    {
        var history = ConnectionHistory
            .Empty.With(At(-60, HistoryOutcome.Renewed))
            .With(At(180, Down))
            .SetBack(Noon.AddMinutes(-30), TimeSpan.FromMinutes(170));

        Assert.Equal([Noon.AddMinutes(-60), Noon.AddMinutes(10)], history.Events.Select(one => one.At));
        Assert.Equal("r...u", Tail(history, Noon.AddMinutes(10), 5));
    }

    [Fact]
    public void What_a_clock_far_ahead_recorded_is_dropped_by_who_knows_better()
    {
        var wrong = ConnectionHistory.Empty.With(At(-60, HistoryOutcome.Renewed)).With(At(600, Down));

        var right = wrong.With(At(0, HistoryOutcome.Renewed));

        Assert.Equal("r...r", Tail(right, Noon, 5));
        Assert.Equal(2, CellsOf(right));
        Assert.Equal([Noon.AddMinutes(-60), Noon], right.Events.Select(one => one.At));
    }

    [Fact]
    public void An_instance_whose_clock_is_some_minutes_behind_drops_nothing_of_the_others()
    {
        var history = ConnectionHistory.Empty.With(At(0, Down)).With(At(-20, HistoryOutcome.Renewed));

        Assert.Equal("ru", Tail(history, Noon, 3).Replace(".", "", StringComparison.Ordinal));
        Assert.Equal(2, history.Events.Count);
    }

    [Fact]
    public void A_name_is_cut_between_two_characters()
    {
        var cut = new Cause(CauseKind.Caller, new string('a', 63) + "\U0001F600 and more").Name;

        Assert.Equal(new string('a', 63), cut);
        Assert.Null(new Cause(CauseKind.Caller, "").Name);
    }

    [Theory]
    [InlineData("""{"cells":"1994832rraa?","events":["1795345200rt"]}""", 1, 1)]
    [InlineData("""{"cells":"99999999999999999999rraa","events":[7,"","x","1795345200","1795345200.t",null]}""", 0, 0)]
    [InlineData("""{"cells":"1994832rr??3ZZaa","events":["1795345200ZZann"]}""", 1, 1)]
    [InlineData("""{"cells":"2000000rraa","events":["1895345200rt"]}""", 0, 0)]
    [InlineData("""{"cells":["1994832rraa"],"events":"1795345200rt"}""", 0, 0)]
    [InlineData("{}", 0, 0)]
    public void What_is_malformed_or_cannot_be_true_is_left_out(string json, int cells, int events)
    {
        var history = Read(json);

        Assert.Equal((cells, events), (CellsOf(history), history.Events.Count));
    }

    private static HistoryEvent At(int minute, HistoryOutcome outcome) =>
        new(Noon.AddMinutes(minute), outcome, Cause.Timer);

    private static string Letters(IEnumerable<HistoryOutcome> day) => string.Concat(day.Select(one => one.Letter));

    private static string Tail(ConnectionHistory history, DateTimeOffset now, int quarters) =>
        Letters(history.DayUntil(now, HistoryOutcome.Nothing))[^quarters..];

    private static ConnectionHistory Read(string json) =>
        StoredEntry.Read(Encoding.UTF8.GetBytes($"{{\"history\":{json}}}"), Noon.AddDays(3)).Entry.History!;

    /// <summary>The history as it stands in its blob.</summary>
    private static string Stored(ConnectionHistory history)
    {
        var blob = LedgerJson.Write(new LedgerEntry { History = history }).ToString();
        Assert.Contains(history.ToString(), blob, StringComparison.Ordinal);
        return history.ToString();
    }

    private static int CellsOf(ConnectionHistory history) =>
        JsonNode.Parse(history.ToString())!["cells"]!.GetValue<string>().Count(char.IsLetter) / 4;

    private static ConnectionHistory Shifted(ConnectionHistory history, TimeSpan by) =>
        history.SetBack(DateTimeOffset.UnixEpoch, -by);

    private static ConnectionHistory Random(SeededRandom random)
    {
        var history = ConnectionHistory.Empty;
        for (var i = random.NextDouble() * 40; i > 0; i--)
        {
            var outcome = HistoryOutcome.Every[1 + (int)(random.NextDouble() * (HistoryOutcome.Every.Count - 1))];
            var name = new string('\u00e9', (int)(random.NextDouble() * 64));
            var at = Noon.AddSeconds((int)(random.NextDouble() * 400) * 300);
            history = history.With(new HistoryEvent(at, outcome, new Cause(CauseKind.Caller, name)));
        }

        return history;
    }
}
