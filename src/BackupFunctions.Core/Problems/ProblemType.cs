using BackupFunctions.Tokens;

namespace BackupFunctions.Problems;

/// <summary>The type of an RFC 9457 problem; docs/problems.md has a paragraph for each.</summary>
/// <param name="Name">The last part of the problem's <c>type</c>.</param>
/// <param name="Status">
/// The HTTP status. A problem that does not resolve itself is never a 5xx: Logic Apps would retry it.
/// </param>
/// <param name="Title">The problem in a few words.</param>
public sealed record ProblemType(string Name, int Status, string Title)
{
    /// <summary>The first part of every <c>type</c>. It is a name, not an address.</summary>
    public const string Prefix = "urn:backupfunctions:problem:";

    /// <summary>A parameter of the request is not valid.</summary>
    public static readonly ProblemType InvalidParameter = new("invalid-parameter", 400, "Invalid parameter");

    /// <summary>There is no vendor of that name.</summary>
    public static readonly ProblemType UnknownVendor = new("unknown-vendor", 404, "Unknown vendor");

    /// <summary>There is no connection of that name.</summary>
    public static readonly ProblemType UnknownConnection = new("unknown-connection", 404, "Unknown connection");

    /// <summary>The vendor issues no tokens: its connections have a static key.</summary>
    public static readonly ProblemType NoTokens = new("no-tokens", 424, "The vendor has no tokens");

    /// <summary>This host was not told that no deployed app owns the vault.</summary>
    public static readonly ProblemType VaultNotOwned = new("vault-not-owned", 424, "A deployed app may own this vault");

    /// <summary>Callers need app roles, and the platform does not name this one.</summary>
    public static readonly ProblemType Unauthenticated = new("unauthenticated", 401, "Authentication required");

    /// <summary>The caller lacks an app role.</summary>
    public static readonly ProblemType Forbidden = new("forbidden", 403, "The caller lacks a required role");

    /// <summary>The settings of a connection do not allow this call.</summary>
    public static readonly ProblemType CallNotAllowed = new("call-not-allowed", 403, "This call is not allowed");

    /// <summary>No webhook is set to which alerts would be posted.</summary>
    public static readonly ProblemType AlertsNotConfigured = new(
        "alerts-not-configured",
        424,
        "No alert webhook is set"
    );

    /// <summary>The alert webhook did not take a message.</summary>
    public static readonly ProblemType AlertNotDelivered = new(
        "alert-not-delivered",
        424,
        "The alert webhook took no message"
    );

    /// <summary>A fault in this program.</summary>
    public static readonly ProblemType InternalError = new("internal-error", 500, "Internal error");

    /// <summary>The <c>type</c> of RFC 9457 section 3.1.1.</summary>
    public string Uri => Prefix + Name;

    /// <summary>The problem type of a token failure.</summary>
    public static ProblemType Of(FailureKind kind)
    {
        var status = new TokenFailure(kind, "").NeedsOperator ? 424 : 503;
        return new ProblemType(OutcomeName.Of(kind), status, TitleOf(kind));
    }

    private static string TitleOf(FailureKind kind) =>
        kind switch
        {
            FailureKind.CredentialsRefused => "The vendor refused the credentials",
            FailureKind.Misconfigured => "The connection is misconfigured",
            FailureKind.CredentialMissing => "A credential is missing or unusable",
            FailureKind.VaultAccessDenied => "The vault denied access",
            FailureKind.ServerNotTrusted => "The vendor's server is not trusted",
            FailureKind.ScopeRefused => "The vendor refused the scope",
            FailureKind.TenantRefused => "The vendor refused the tenant",
            FailureKind.EnrolmentNeeded => "The account must be enrolled with a one-time code",
            FailureKind.SignedOut => "The connection is signed out",
            FailureKind.VendorUnavailable => "The vendor is unavailable",
            FailureKind.VendorThrottled => "The vendor is rate limiting us",
            FailureKind.VendorReplyUnusable => "The vendor's reply is unusable",
            FailureKind.VaultUnavailable => "The vault is unavailable",
            FailureKind.BackingOff => "Waiting to retry after a failure",
            _ => throw new InvalidOperationException($"{kind} is not a known failure kind."),
        };
}
