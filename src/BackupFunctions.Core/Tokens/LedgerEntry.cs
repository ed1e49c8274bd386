namespace BackupFunctions.Tokens;

/// <summary>What is remembered of a connection's renewals.</summary>
public sealed record LedgerEntry
{
    /// <summary>A connection of which nothing is known.</summary>
    public static LedgerEntry Empty { get; } = new();

    /// <summary>When a token was last obtained from the vendor.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>Why the last attempt failed; null after a success.</summary>
    public TokenFailure? LastFailure { get; init; }

    /// <summary>When the last attempt failed.</summary>
    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>How many attempts failed since the last success.</summary>
    public int FailuresInRow { get; init; }

    /// <summary>Before this instant nothing is tried, unless an operator says so; null if nothing stands in the way.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>The credential versions that were refused: another version lifts the hold before <see cref="NextAttempt"/>.</summary>
    public string? RefusedCredentialVersion { get; init; }

    /// <summary>The fingerprint of a refresh token that was sent and never answered: it is probably spent.</summary>
    public string? DoubtfulRefreshToken { get; init; }
}
