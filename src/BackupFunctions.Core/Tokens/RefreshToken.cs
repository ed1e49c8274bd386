using System.Diagnostics;

namespace BackupFunctions.Tokens;

/// <summary>A refresh token (RFC 6749 section 1.5). Immutable; prints as <c>[redacted]</c>.</summary>
[DebuggerDisplay("[redacted] {Fingerprint}")]
public sealed class RefreshToken
{
    private readonly string _value;

    /// <summary>Describes a refresh token.</summary>
    /// <param name="value">The bare refresh token.</param>
    /// <param name="issuedAt">When the request that brought it was sent.</param>
    /// <param name="expiresAt">When it dies, on our clock; null if not known.</param>
    public RefreshToken(string value, DateTimeOffset? issuedAt, DateTimeOffset? expiresAt)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        _value = value;
        IssuedAt = issuedAt;
        ExpiresAt = expiresAt;
        Fingerprint = Tokens.Fingerprint.Of(value);
    }

    /// <summary>Names the token without showing it.</summary>
    public string Fingerprint { get; }

    /// <summary>When the request that brought it was sent; null if not known.</summary>
    public DateTimeOffset? IssuedAt { get; }

    /// <summary>When it dies; null if not known.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>The same token by a clock that shows less: it was issued, and dies, earlier.</summary>
    /// <param name="by">By how much; zero or more.</param>
    public RefreshToken Earlier(TimeSpan by) => new(_value, IssuedAt - by, ExpiresAt - by);

    /// <summary>The bare refresh token, for the vendor and the vault.</summary>
    public string Reveal() => _value;

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
