using System.Globalization;

namespace BackupFunctions.History;

/// <summary>Something that happened to a connection, to the second.</summary>
public readonly record struct HistoryEvent
{
    private readonly long _second;

    /// <summary>An event.</summary>
    /// <param name="at">When it happened.</param>
    /// <param name="outcome">What happened.</param>
    /// <param name="cause">What or who caused it.</param>
    public HistoryEvent(DateTimeOffset at, HistoryOutcome outcome, Cause cause) =>
        (_second, Outcome, Cause) = (at.ToUnixTimeSeconds(), outcome, cause);

    /// <summary>When it happened.</summary>
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeSeconds(_second);

    /// <summary>What happened.</summary>
    public HistoryOutcome Outcome { get; }

    /// <summary>What or who caused it.</summary>
    public Cause Cause { get; }

    /// <summary>By time, and by everything else, so that two records put the same events into the same order.</summary>
    internal static IComparer<HistoryEvent> Order { get; } = Comparer<HistoryEvent>.Create(Compare);

    /// <summary>As it is stored: the second of Unix time, a letter each for what and why, and who.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{_second}{Outcome.Letter}{Cause.Letter}{Cause.Name}");

    private static int Compare(HistoryEvent one, HistoryEvent other)
    {
        var order = one._second.CompareTo(other._second);
        order = order == 0 ? HistoryOutcome.Compare(one.Outcome, other.Outcome) : order;
        order = order == 0 ? one.Cause.Kind.CompareTo(other.Cause.Kind) : order;
        return order == 0 ? string.CompareOrdinal(one.Cause.Name, other.Cause.Name) : order;
    }

    /// <summary>Reads what is stored.</summary>
    /// <param name="text">The text.</param>
    /// <param name="latest">An event after this instant cannot be true.</param>
    /// <returns>Null if it is not an event.</returns>
    internal static HistoryEvent? Parse(string text, DateTimeOffset latest)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return
            digits > 0
            && text.Length >= digits + 2
            && long.TryParse(text.AsSpan(0, digits), CultureInfo.InvariantCulture, out var second)
            && second <= latest.ToUnixTimeSeconds()
            && HistoryOutcome.Of(text[digits]) is var outcome
            && outcome != HistoryOutcome.Nothing
            ? new HistoryEvent(
                DateTimeOffset.FromUnixTimeSeconds(second),
                outcome,
                Cause.Of(text[digits + 1], text[(digits + 2)..])
            )
            : null;
    }
}
