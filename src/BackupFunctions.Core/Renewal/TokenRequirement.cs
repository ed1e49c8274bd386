using BackupFunctions.Tokens;

namespace BackupFunctions.Renewal;

/// <summary>What a token must be like for somebody to be content with it.</summary>
internal readonly record struct TokenRequirement
{
    /// <summary>The life that it must still have.</summary>
    public TimeSpan MinimumLifetime { get; init; }

    /// <summary>It must have been obtained at or after this instant.</summary>
    public DateTimeOffset? IssuedSince { get; init; }

    /// <summary>It must not be in its refresh window at this instant.</summary>
    public DateTimeOffset? FreshAt { get; init; }

    /// <summary>Where sweeps ask, how long it is from one to the next: renewals are spread over some. Zero for the exact instant.</summary>
    public TimeSpan Tick { get; init; }

    /// <summary>An operator asks: back-off and holds do not count.</summary>
    public bool OverridesBackOff { get; init; }

    /// <summary>A one-time code that a person gave: it is to be used, so that nothing which is there already will do. Null if none was given.</summary>
    public SecretText? OneTimeCode { get; init; }

    /// <summary>
    /// Whether the token will do. One whose whole life is no longer than what is asked for will do in the first half of its
    /// life: another one would be no better. Nor would one be for long where nearly the whole life is asked for: a young one will do.
    /// </summary>
    public bool IsMetBy(AccessToken token, DateTimeOffset now, TimeSpan? refreshBefore)
    {
        if (
            OneTimeCode is not null
            || token.ExpiresAt <= now
            || token.IssuedAt < IssuedSince
            || RenewalJitter.RefreshAt(token, refreshBefore, Tick) <= FreshAt
        )
        {
            return false;
        }

        return token.IsUsable(now, MinimumLifetime)
            || (AsksForMoreThanTheLifeOf(token) && now - token.IssuedAt < token.Lifetime / 2)
            || (AsksForNearlyTheLifeOf(token) && now - token.IssuedAt < RenewalRules.YoungEnough);
    }

    /// <summary>Whether a token that somebody else obtained while this one waited will do: a sweep is content with any fresh one.</summary>
    public bool IsMetByNews(AccessToken token, DateTimeOffset now, TimeSpan? refreshBefore) =>
        IsMetBy(token, now, refreshBefore)
        || (FreshAt is not null && (this with { FreshAt = now, Tick = default }).IsMetBy(token, now, refreshBefore));

    /// <summary>Whether the token may be served after a renewal failed.</summary>
    public bool IsServedBy(AccessToken token, DateTimeOffset now)
    {
        var needed = AsksForNearlyTheLifeOf(token)
            ? Shorter(RenewalRules.DefaultMinimumLifetime, token.Lifetime / 2)
            : MinimumLifetime;
        return token.IsUsable(now, needed);
    }

    // Some of its life is over when a token arrives, so that its whole life is already more than the vendor grants.
    private bool AsksForMoreThanTheLifeOf(AccessToken token) => MinimumLifetime >= token.Lifetime;

    private bool AsksForNearlyTheLifeOf(AccessToken token) =>
        MinimumLifetime > token.Lifetime - RenewalRules.YoungEnough;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
