namespace BackupFunctions.Tokens;

/// <summary>Why there is no token: the closed set of problem types in the HTTP contract.</summary>
public enum FailureKind
{
    /// <summary>The vendor refused the client id, secret, assertion, user or password.</summary>
    CredentialsRefused,

    /// <summary>The settings of the connection are wrong.</summary>
    Misconfigured,

    /// <summary>A credential is absent, disabled, expired or unusable.</summary>
    CredentialMissing,

    /// <summary>Key Vault answered that this identity may not read or write.</summary>
    VaultAccessDenied,

    /// <summary>
    /// The server could not be trusted: TLS, certificate pin, or a discovery document of another issuer.
    /// </summary>
    ServerNotTrusted,

    /// <summary>The vendor does not grant the scope that is asked for.</summary>
    ScopeRefused,

    /// <summary>The vendor does not grant a token for this tenant.</summary>
    TenantRefused,

    /// <summary>The account asks for a one-time code that nobody but a person can give.</summary>
    EnrolmentNeeded,

    /// <summary>An operator signed the connection out.</summary>
    SignedOut,

    /// <summary>
    /// The vendor could not be reached, did not answer in time, answered 408 or 5xx, or something in its place answered
    /// 400, 401 or 403 with what is not a refusal.
    /// </summary>
    VendorUnavailable,

    /// <summary>The vendor answered 429.</summary>
    VendorThrottled,

    /// <summary>The vendor answered something that is no token and no refusal.</summary>
    VendorReplyUnusable,

    /// <summary>Key Vault could not be reached, did not answer in time, or answered 429 or 5xx.</summary>
    VaultUnavailable,

    /// <summary>An earlier attempt failed; the next one is not due yet.</summary>
    BackingOff,
}
