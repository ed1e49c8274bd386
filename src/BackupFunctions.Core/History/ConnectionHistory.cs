using System.Text.Json.Serialization;

namespace BackupFunctions.History;

/// <summary>
/// What happened to a connection: the last day by quarters of an hour, and the last events with what caused them. It
/// takes at most <see cref="LargestSize"/> bytes; of what is too much the oldest events go first. Immutable.
/// </summary>
[JsonConverter(typeof(HistoryConverter))]
public sealed class ConnectionHistory : IEquatable<ConnectionHistory>
{
    /// <summary>How many quarters of an hour are kept: a day.</summary>
    public const int Quarters = 96;

    /// <summary>How many events are kept at most.</summary>
    public const int EventsKept = 20;

    /// <summary>How many bytes it takes at most as JSON.</summary>
    public const int LargestSize = 4096;

    /// <summary>
    /// What is more than so many quarters ahead of who records the next event was recorded by a clock that was wrong.
    /// Hosts put their clocks right to seconds, but only once a vault has answered.
    /// </summary>
    private const int QuartersAhead = 4;

    /// <summary>Of two histories whose clocks did not agree, both are kept until the next event.</summary>
    private const int MostCells = 2 * (Quarters + QuartersAhead);

    private readonly HistoryCell[] _cells;
    private readonly HistoryEvent[] _events;

    private ConnectionHistory(HistoryCell[] cells, HistoryEvent[] events) => (_cells, _events) = (cells, events);

    /// <summary>How long a quarter lasts.</summary>
    public static TimeSpan Quarter { get; } = TimeSpan.FromSeconds(HistoryCell.Length);

    /// <summary>Nothing is known.</summary>
    public static ConnectionHistory Empty { get; } = new([], []);

    /// <summary>The last events, oldest first.</summary>
    public IReadOnlyList<HistoryEvent> Events => _events;

    /// <summary>The beginning of the day of quarters that an instant is in the last of.</summary>
    /// <param name="now">The instant.</param>
    public static DateTimeOffset DayOf(DateTimeOffset now) =>
        DateTimeOffset.FromUnixTimeSeconds((HistoryCell.QuarterOf(now) - Quarters + 1) * HistoryCell.Length);

    /// <summary>
    /// How the connection was in each quarter of a day. Where nothing happened it was as before: still failing, or
    /// still signed out.
    /// </summary>
    /// <param name="now">An instant in the last quarter.</param>
    /// <param name="before">What lasted when the day began.</param>
    public HistoryOutcome[] DayUntil(DateTimeOffset now, HistoryOutcome before)
    {
        var day = new HistoryOutcome[Quarters];
        var first = HistoryCell.QuarterOf(now) - Quarters + 1;
        var next = 0;
        var lasting = before;
        for (var i = 0; i < Quarters; i++)
        {
            day[i] = lasting;
            for (; next < _cells.Length && _cells[next].Quarter <= first + i; next++)
            {
                var cell = _cells[next];
                day[i] = cell.Quarter == first + i ? cell.Worst : day[i];
                lasting = cell.Last.Lasts ? cell.Last : HistoryOutcome.Nothing;
            }
        }

        return day;
    }

    /// <inheritdoc/>
    public bool Equals(ConnectionHistory? other) =>
        other is not null
        && _cells.AsSpan().SequenceEqual(other._cells)
        && _events.AsSpan().SequenceEqual(other._events);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConnectionHistory);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_cells.LastOrDefault(), _events.LastOrDefault());

    /// <summary>As it is stored: JSON in ASCII.</summary>
    public override string ToString() => HistoryText.Write(_cells, _events);

    /// <summary>A history of cells and events in any order. Several of one quarter become one.</summary>
    internal static ConnectionHistory Of(IEnumerable<HistoryCell> cells, IEnumerable<HistoryEvent> events)
    {
        HistoryCell[] merged =
        [
            .. cells
                .GroupBy(cell => cell.Quarter)
                .OrderBy(quarter => quarter.Key)
                .TakeLast(MostCells)
                .Select(quarter => quarter.Aggregate(HistoryCell.Merge)),
        ];
        var newest = events.Distinct().OrderDescending(HistoryEvent.Order).Take(EventsKept);
        return new ConnectionHistory(merged, [.. Fitting(merged, newest).Reverse()]);
    }

    /// <summary>What two records that were written apart make of it: the same, whichever is named first.</summary>
    internal static ConnectionHistory? Merge(ConnectionHistory? one, ConnectionHistory? other) =>
        one is null || other is null || one.Equals(other)
            ? one ?? other
            : Of(one._cells.Concat(other._cells), one._events.Concat(other._events));

    /// <summary>After another event.</summary>
    internal ConnectionHistory With(HistoryEvent next)
    {
        var cell = HistoryCell.Of(next.At.ToUnixTimeSeconds(), next.Outcome);
        var known = Array.Find(_cells, one => one.Quarter == cell.Quarter);
        var cells = _cells.Where(one => one.Quarter != cell.Quarter && IsInDayOf(cell.Quarter, one));
        return Of(cells.Append(known == default ? cell : known.Then(cell)), _events.Append(next).Where(IsNotLater));

        bool IsNotLater(HistoryEvent one) => one.At - next.At <= QuartersAhead * Quarter;
    }

    /// <summary>After an event that says nothing of how the connection is.</summary>
    internal ConnectionHistory WithAside(HistoryEvent next) => Of(_cells, _events.Append(next));

    /// <summary>By a clock that was ahead, and right up to an instant.</summary>
    internal ConnectionHistory SetBack(DateTimeOffset rightUpTo, TimeSpan by) =>
        Of(
            _cells.Select(cell => cell.SetBack(rightUpTo.ToUnixTimeSeconds(), (long)by.TotalSeconds)),
            _events.Select(one => one.At <= rightUpTo ? one : new HistoryEvent(one.At - by, one.Outcome, one.Cause))
        );

    private static bool IsInDayOf(long quarter, HistoryCell cell) =>
        cell.Quarter > quarter - Quarters && cell.Quarter <= quarter + QuartersAhead;

    private static IEnumerable<HistoryEvent> Fitting(HistoryCell[] cells, IEnumerable<HistoryEvent> newestFirst)
    {
        var left = LargestSize - HistoryText.Overhead - HistoryText.WriteCells(cells).Length;
        foreach (var one in newestFirst)
        {
            left -= HistoryText.SizeOf(one);
            if (left < 0)
            {
                yield break;
            }

            yield return one;
        }
    }
}
