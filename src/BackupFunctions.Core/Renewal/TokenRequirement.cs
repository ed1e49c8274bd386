using BackupFunctions.History;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Renewal;

/// <summary>What a token must be like to be worth serving, or not worth renewing.</summary>
internal readonly record struct TokenRequirement
{
    /// <summary>The remaining lifetime that a token must have if the caller states none.</summary>
    public static readonly TimeSpan DefaultMinimumLifetime = TimeSpan.FromSeconds(60);

    /// <summary>A token younger than this is served to a caller who asks for a renewal by hand.</summary>
    public static readonly TimeSpan YoungEnough = TimeSpan.FromSeconds(30);

    /// <summary>The remaining lifetime that it must have.</summary>
    public TimeSpan MinimumLifetime { get; init; }

    /// <summary>It must have been obtained at or after this instant.</summary>
    public DateTimeOffset? IssuedSince { get; init; }

    /// <summary>It must not be in its refresh window at this instant.</summary>
    public DateTimeOffset? FreshAt { get; init; }

    /// <summary>
    /// For a sweep, the time until the next one, over which renewals are spread; zero for the exact instant.
    /// </summary>
    public TimeSpan Tick { get; init; }

    /// <summary>An operator asks: back-off and holds do not apply.</summary>
    public bool ByOperator { get; init; }

    /// <summary>Whether a caller waits for the token.</summary>
    public WritePriority Priority { get; init; }

    /// <summary>
    /// A one-time code that a person entered: it must be used, so no existing token will do. Null if there is none.
    /// </summary>
    public SecretText? OneTimeCode { get; init; }

    /// <summary>Who asks; null if that is not known, or nobody does.</summary>
    public string? AskedBy { get; init; }

    /// <summary>What or who has the token renewed, for the record.</summary>
    public Cause Cause => new(CauseKind, AskedBy);

    private CauseKind CauseKind
    {
        get
        {
            if (OneTimeCode is not null)
            {
                return CauseKind.Enrolment;
            }

            if (ByOperator)
            {
                return CauseKind.Refresh;
            }

            return Priority == WritePriority.Background ? CauseKind.Timer : CauseKind.Caller;
        }
    }

    /// <summary>
    /// Whether the token will do. If its whole lifetime is no longer than what is asked for, it will do in the first
    /// half of its life, because another one would be no better. If nearly the whole lifetime is asked for, a young one
    /// will do.
    /// </summary>
    public bool IsMetBy(AccessToken token, DateTimeOffset now, TimeSpan? refreshBefore)
    {
        if (OneTimeCode is not null || token.ExpiresAt <= now || token.IssuedAt < IssuedSince)
        {
            return false;
        }

        if (FreshAt is not null && RenewalJitter.RefreshAt(token, refreshBefore, Tick) <= FreshAt)
        {
            return false;
        }

        var age = now - token.IssuedAt;
        return token.IsUsable(now, MinimumLifetime)
            || (AsksForMoreThanLifetimeOf(token) && age < token.Lifetime / 2)
            || (AsksForNearlyLifetimeOf(token) && age < YoungEnough);
    }

    /// <summary>
    /// Whether a token that another process obtained meanwhile will do: a sweep is content with any fresh one.
    /// </summary>
    public bool IsMetByNews(AccessToken token, DateTimeOffset now, TimeSpan? refreshBefore)
    {
        if (IsMetBy(token, now, refreshBefore))
        {
            return true;
        }

        return FreshAt is not null && (this with { FreshAt = now, Tick = default }).IsMetBy(token, now, refreshBefore);
    }

    /// <summary>Whether the token may be served after a renewal failed.</summary>
    public bool IsServedBy(AccessToken token, DateTimeOffset now)
    {
        if (!AsksForNearlyLifetimeOf(token))
        {
            return token.IsUsable(now, MinimumLifetime);
        }

        var half = token.Lifetime / 2;
        return token.IsUsable(now, half < DefaultMinimumLifetime ? half : DefaultMinimumLifetime);
    }

    // Some of its life is over when a token arrives, so its whole lifetime is already more than the vendor grants.
    private bool AsksForMoreThanLifetimeOf(AccessToken token) => MinimumLifetime >= token.Lifetime;

    private bool AsksForNearlyLifetimeOf(AccessToken token) => MinimumLifetime > token.Lifetime - YoungEnough;
}
