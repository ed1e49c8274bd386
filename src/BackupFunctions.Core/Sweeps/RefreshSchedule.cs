using NCrontab;

namespace BackupFunctions.Sweeps;

/// <summary>
/// An NCRONTAB expression with seconds, read by the parser that the Functions host uses, in UTC as that host does.
/// </summary>
public sealed class RefreshSchedule
{
    /// <summary>What its setting's name ends in, after the vendor's.</summary>
    public const string SettingSuffix = "RefreshSchedule";

    /// <summary>Every five minutes.</summary>
    public const string DefaultExpression = "0 */5 * * * *";

    private readonly CrontabSchedule _schedule;

    private RefreshSchedule(string expression, CrontabSchedule schedule)
    {
        Expression = expression;
        _schedule = schedule;
    }

    /// <summary>The expression as it was set.</summary>
    public string Expression { get; }

    /// <summary>Reads an expression.</summary>
    /// <param name="expression">Six fields: second, minute, hour, day, month, day of the week.</param>
    /// <returns>Null if it is not one.</returns>
    public static RefreshSchedule? TryParse(string expression) =>
        CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = true })
            is { } schedule
            ? new RefreshSchedule(expression, schedule)
            : null;

    /// <summary>The next tick after an instant.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset instant) =>
        new(_schedule.GetNextOccurrence(instant.UtcDateTime), TimeSpan.Zero);
}
