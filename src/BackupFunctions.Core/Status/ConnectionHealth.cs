namespace BackupFunctions.Status;

/// <summary>The state of a connection in one word; docs/status.md has a paragraph for each.</summary>
public enum ConnectionHealth
{
    /// <summary>It has a usable token, and nothing is wrong.</summary>
    Healthy,

    /// <summary>This process is requesting a token from the vendor.</summary>
    Renewing,

    /// <summary>An attempt failed and will be retried automatically.</summary>
    BackingOff,

    /// <summary>An attempt failed, and an operator must act.</summary>
    Refused,

    /// <summary>The account requires a one-time code, which only a person can enter.</summary>
    EnrolmentNeeded,

    /// <summary>The settings of the connection are wrong, and an operator must correct them.</summary>
    Misconfigured,

    /// <summary>An operator signed the connection out.</summary>
    SignedOut,

    /// <summary>There is no token, and nothing has failed: none has been requested.</summary>
    Never,
}
