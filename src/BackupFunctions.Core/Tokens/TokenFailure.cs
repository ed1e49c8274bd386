namespace BackupFunctions.Tokens;

/// <summary>Why there is no token, in words for people; never carries a token, a secret or a vendor's body.</summary>
/// <param name="Kind">The problem type.</param>
/// <param name="Detail">What is wrong, where, and what would be right.</param>
public sealed record TokenFailure(FailureKind Kind, string Detail)
{
    /// <summary>The <c>error</c> of RFC 6749 section 5.2 where the vendor gave one.</summary>
    public string? OAuthError { get; init; }

    /// <summary>The HTTP status that the vendor or the vault answered; null where there was no answer.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>How long to wait before the next attempt; null where waiting does not help or nothing is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether this stands for an earlier failure: no attempt was made now.</summary>
    public bool WasNotTried { get; init; }

    /// <summary>Whether the request may have reached the vendor, so that what it would spend counts as spent.</summary>
    public bool MayHaveReachedVendor { get; init; }

    /// <summary>Whether an operator must act: such a failure does not heal by itself.</summary>
    public bool NeedsOperator =>
        Kind switch
        {
            FailureKind.CredentialsRefused
            or FailureKind.CredentialMissing
            or FailureKind.VaultAccessDenied
            or FailureKind.ServerNotTrusted
            or FailureKind.ScopeRefused
            or FailureKind.TenantRefused
            or FailureKind.EnrolmentNeeded
            or FailureKind.SignedOut => true,
            FailureKind.VendorUnavailable
            or FailureKind.VendorThrottled
            or FailureKind.VendorReplyUnusable
            or FailureKind.VaultUnavailable
            or FailureKind.BackingOff => false,
            _ => throw new InvalidOperationException($"{Kind} is no failure kind."),
        };
}
