using System.Runtime.InteropServices;

namespace BackupFunctions.History;

/// <summary>What is recorded of one quarter of an hour in which something happened.</summary>
/// <param name="Quarter">Which quarter of Unix time.</param>
/// <param name="Worst">What counts most of what happened in it.</param>
/// <param name="Last">What happened in it last.</param>
/// <param name="Second">When that was, in seconds since the quarter began.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HistoryCell(long Quarter, HistoryOutcome Worst, HistoryOutcome Last, int Second)
{
    /// <summary>How long a quarter lasts, in seconds.</summary>
    public const int Length = 900;

    /// <summary>When the last of it happened, in seconds of Unix time.</summary>
    public long LastAt => (Quarter * Length) + Second;

    /// <summary>The quarter that an instant is in.</summary>
    public static long QuarterOf(DateTimeOffset instant) => instant.ToUnixTimeSeconds() / Length;

    /// <summary>The cell of one event.</summary>
    public static HistoryCell Of(long second, HistoryOutcome outcome) =>
        new(second / Length, outcome, outcome, (int)(second % Length));

    /// <summary>What two records make of the same quarter, whichever is named first.</summary>
    public static HistoryCell Merge(HistoryCell one, HistoryCell other)
    {
        var order = one.Second.CompareTo(other.Second);
        order = order == 0 ? HistoryOutcome.Compare(one.Last, other.Last) : order;
        return (order >= 0 ? one : other) with { Worst = HistoryOutcome.Greater(one.Worst, other.Worst) };
    }

    /// <summary>After another event of the same quarter, which came last unless its second says otherwise.</summary>
    public HistoryCell Then(HistoryCell next) =>
        (next.Second >= Second ? next : this) with
        {
            Worst = HistoryOutcome.Greater(Worst, next.Worst),
        };

    /// <summary>By a clock that was ahead.</summary>
    /// <param name="rightUpTo">What happened after this second of Unix time was earlier.</param>
    /// <param name="by">By how many seconds.</param>
    public HistoryCell SetBack(long rightUpTo, long by) =>
        LastAt <= rightUpTo ? this : Of(Math.Max(0, LastAt - by), Last) with { Worst = Worst };
}
