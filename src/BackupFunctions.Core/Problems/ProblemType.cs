using BackupFunctions.Tokens;

namespace BackupFunctions.Problems;

/// <summary>One row of the contract's table of errors.</summary>
/// <param name="Name">What the problem's <c>type</c> ends in.</param>
/// <param name="Status">The HTTP status. What cannot heal by itself is never a 5xx: Logic Apps would retry it.</param>
/// <param name="Title">The same in words.</param>
public sealed record ProblemType(string Name, int Status, string Title)
{
    /// <summary>What every <c>type</c> begins with. It names the problem; docs/problems.md has a paragraph for each.</summary>
    public const string Prefix = "urn:backupfunctions:problem:";

    /// <summary>A bad parameter.</summary>
    public static readonly ProblemType InvalidParameter = new("invalid-parameter", 400, "A parameter is wrong");

    /// <summary>No vendor of that name.</summary>
    public static readonly ProblemType UnknownVendor = new("unknown-vendor", 404, "There is no such vendor");

    /// <summary>No connection of that name.</summary>
    public static readonly ProblemType UnknownConnection = new(
        "unknown-connection",
        404,
        "There is no such connection"
    );

    /// <summary>A deployed app may own the vault, and this host was not told that none does.</summary>
    public static readonly ProblemType VaultNotOwned = new(
        "vault-not-owned",
        424,
        "This host may not change what a deployed app may own"
    );

    /// <summary>The platform names no caller, and callers need app roles.</summary>
    public static readonly ProblemType Unauthenticated = new("unauthenticated", 401, "The caller is not known");

    /// <summary>The caller lacks an app role.</summary>
    public static readonly ProblemType Forbidden = new("forbidden", 403, "The caller may not do this");

    /// <summary>A fault of this program.</summary>
    public static readonly ProblemType InternalError = new("internal-error", 500, "This service has a fault");

    /// <summary>The <c>type</c> of RFC 9457 section 3.1.1.</summary>
    public string Uri => Prefix + Name;

    /// <summary>The row for a failure of the broker.</summary>
    public static ProblemType Of(FailureKind kind) =>
        kind switch
        {
            FailureKind.CredentialsRefused => new("credentials-refused", 424, "The vendor refuses the credentials"),
            FailureKind.CredentialMissing => new("credential-missing", 424, "A credential is missing or unusable"),
            FailureKind.VaultAccessDenied => new("vault-access-denied", 424, "The vault denies access"),
            FailureKind.ServerNotTrusted => new("server-not-trusted", 424, "The vendor's server is not trusted"),
            FailureKind.ScopeRefused => new("scope-refused", 424, "The vendor refuses the scope"),
            FailureKind.TenantRefused => new("tenant-refused", 424, "The vendor refuses the tenant"),
            FailureKind.EnrolmentNeeded => new(
                "enrolment-needed",
                424,
                "The account must be enrolled with a one-time code"
            ),
            FailureKind.SignedOut => new("signed-out", 424, "The connection is signed out"),
            FailureKind.VendorUnavailable => new("vendor-unavailable", 503, "The vendor is unavailable"),
            FailureKind.VendorThrottled => new("vendor-throttled", 503, "The vendor asks for fewer requests"),
            FailureKind.VendorReplyUnusable => new("vendor-reply-unusable", 503, "The vendor's reply is unusable"),
            FailureKind.VaultUnavailable => new("vault-unavailable", 503, "The vault is unavailable"),
            FailureKind.BackingOff => new("backing-off", 503, "The connection waits after a failure"),
            _ => throw new InvalidOperationException($"{kind} is no failure kind."),
        };
}
