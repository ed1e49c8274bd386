using System.Diagnostics;

namespace BackupFunctions.Tokens;

/// <summary>A bearer token and its lifetime. Immutable; prints as <c>[redacted]</c>.</summary>
[DebuggerDisplay("[redacted] {Fingerprint} until {ExpiresAt}")]
public sealed class AccessToken
{
    private readonly string _value;

    /// <summary>Describes a token.</summary>
    /// <param name="value">The bare token.</param>
    /// <param name="scope">The scope that the vendor named in its reply; null if none.</param>
    /// <param name="issuedAt">When the request that brought it was sent, on our clock.</param>
    /// <param name="expiresAt">When it expires, on our clock.</param>
    /// <exception cref="ArgumentException">The token is empty, or expires before it is issued.</exception>
    public AccessToken(string value, string? scope, DateTimeOffset issuedAt, DateTimeOffset expiresAt)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (expiresAt <= issuedAt)
        {
            throw new ArgumentException("A token must expire after it was issued.", nameof(expiresAt));
        }

        _value = value;
        Scope = scope;
        IssuedAt = issuedAt;
        ExpiresAt = expiresAt;
        Fingerprint = Tokens.Fingerprint.Of(value);
    }

    /// <summary>Names the token without showing it.</summary>
    public string Fingerprint { get; }

    /// <summary>The scope that the vendor named in its reply; null if none.</summary>
    public string? Scope { get; }

    /// <summary>When the request that brought it was sent, on our clock.</summary>
    public DateTimeOffset IssuedAt { get; }

    /// <summary>When it expires, on our clock.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The same token by a clock that shows less: it was issued, and expires, earlier.</summary>
    /// <param name="by">By how much; zero or more.</param>
    public AccessToken Earlier(TimeSpan by) =>
        by > TimeSpan.Zero ? new AccessToken(_value, Scope, IssuedAt - by, ExpiresAt - by) : this;

    /// <summary>Its whole lifetime.</summary>
    public TimeSpan Lifetime => ExpiresAt - IssuedAt;

    /// <summary>
    /// Whether a text can be a token. RFC 6750 section 2.1 lists a token's characters; any printable ASCII passes, so
    /// that no line break or foreign character gets from a reply or a vault into a caller's header.
    /// </summary>
    /// <param name="value">What a vendor or a vault returned.</param>
    public static bool IsPresentable(string value) =>
        value.Length > 0 && !value.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>The bare token, for the reply and the vault.</summary>
    public string Reveal() => _value;

    /// <summary>Whether the token is valid, and will be for long enough.</summary>
    /// <param name="now">The present instant.</param>
    /// <param name="atLeast">The remaining lifetime that the caller needs; zero or more.</param>
    public bool IsUsable(DateTimeOffset now, TimeSpan atLeast) => ExpiresAt > now && ExpiresAt - now >= atLeast;

    /// <summary>The instant from which a renewal is tried.</summary>
    /// <param name="refreshBefore">
    /// How early to renew; null: a third of the lifetime, 900 s at most. Never more than half of the lifetime, so that
    /// a setting longer than what the vendor grants does not mean a renewal at every call.
    /// </param>
    public DateTimeOffset RefreshAt(TimeSpan? refreshBefore) =>
        TokenMetadata.RefreshAt(IssuedAt, ExpiresAt, refreshBefore);

    /// <summary>What may be known of it without having it.</summary>
    public TokenMetadata Metadata => new(Fingerprint, IssuedAt, ExpiresAt);

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
