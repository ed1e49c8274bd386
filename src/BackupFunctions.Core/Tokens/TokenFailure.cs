using System.Text.Json.Serialization;

namespace BackupFunctions.Tokens;

/// <summary>
/// Why there is no token. Written for people; never carries a token, a secret or a vendor's response body.
/// </summary>
public sealed record TokenFailure
{
    /// <summary>Describes a failure.</summary>
    /// <param name="kind">The problem type.</param>
    /// <param name="problem">What is wrong, and where, in whole sentences.</param>
    public TokenFailure(FailureKind kind, string problem) => (Kind, Problem) = (kind, problem);

    /// <summary>The problem type.</summary>
    public FailureKind Kind { get; init; }

    /// <summary>What is wrong, and where, in whole sentences.</summary>
    public string Problem { get; init; }

    /// <summary>What an operator can do about it, in whole sentences; null if only waiting helps.</summary>
    public string? Remedy { get; init; }

    /// <summary>
    /// The problem and the remedy, for replies and logs. Stored as well, because earlier versions read nothing else.
    /// </summary>
    public string Detail => Remedy is null ? Problem : $"{Problem} {Remedy}";

    /// <summary>The <c>error</c> of RFC 6749 section 5.2, if the vendor returned one.</summary>
    public string? OAuthError { get; init; }

    /// <summary>The HTTP status that the vendor or the vault returned; null without a response.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>How long to wait before the next attempt; null if waiting does not help or nothing is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether this repeats an earlier failure: no attempt was made now.</summary>
    public bool WasNotTried { get; init; }

    /// <summary>Whether the request may have reached the vendor, so that whatever it spends counts as spent.</summary>
    public bool MayHaveReachedVendor { get; init; }

    /// <summary>Whether an operator must act: the failure does not resolve itself.</summary>
    [JsonIgnore]
    public bool NeedsOperator =>
        Kind switch
        {
            FailureKind.CredentialsRefused
            or FailureKind.Misconfigured
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
            _ => throw new InvalidOperationException($"{Kind} is not a known failure kind."),
        };
}
