namespace BackupFunctions.Tokens;

/// <summary>What may be known, kept and shown of an access token without having it.</summary>
/// <param name="Fingerprint">Names the token.</param>
/// <param name="IssuedAt">When the request that brought it was sent, on our clock.</param>
/// <param name="ExpiresAt">When it expires, on our clock.</param>
public sealed record TokenMetadata(string Fingerprint, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>As <see cref="AccessToken.RefreshAt"/>.</summary>
    /// <param name="refreshBefore">How early to renew; null for the rule.</param>
    public DateTimeOffset RefreshAt(TimeSpan? refreshBefore) => RefreshAt(IssuedAt, ExpiresAt, refreshBefore);

    internal static DateTimeOffset RefreshAt(DateTimeOffset issuedAt, DateTimeOffset expiresAt, TimeSpan? refreshBefore)
    {
        var lifetime = expiresAt - issuedAt;
        var early = refreshBefore ?? Shorter(lifetime / 3, TimeSpan.FromSeconds(900));
        return expiresAt - Shorter(early, lifetime / 2);
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
