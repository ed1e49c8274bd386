namespace BackupFunctions.Simulation;

/// <summary>
/// Whether sign-ins of one account keep the distance that the contract asks for after failures: 30 s doubling to 15
/// minutes.
/// </summary>
internal sealed class BackOffWatch
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private DateTimeOffset? _failedAt;
    private int _inRow;

    public void Failed(DateTimeOffset at)
    {
        _failedAt = at;
        _inRow++;
    }

    /// <summary>A sign-in succeeded, or nobody knows any more when one failed.</summary>
    public void Succeeded() => (_failedAt, _inRow) = (null, 0);

    /// <summary>How long too early a sign-in is; null if it is not.</summary>
    public TimeSpan? EarlyBy(DateTimeOffset now)
    {
        if (_failedAt is not { } failed)
        {
            return null;
        }

        // Up to a fifth shorter by chance.
        var full = Shortest * Math.Pow(2, Math.Min(_inRow - 1, 10));
        var due = failed + ((full < Longest ? full : Longest) * 0.8);
        return now < due ? due - now : null;
    }
}
