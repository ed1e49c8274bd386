namespace BackupFunctions.Status;

/// <summary>How a connection is, in one word; docs/status.md has a paragraph for each.</summary>
public enum ConnectionHealth
{
    /// <summary>It has a usable token, and nothing is wrong.</summary>
    Healthy,

    /// <summary>This process is asking the vendor for a token.</summary>
    Renewing,

    /// <summary>An attempt failed; it is tried again by itself.</summary>
    BackingOff,

    /// <summary>An attempt failed, and an operator must act.</summary>
    Refused,

    /// <summary>The account asks for a one-time code that nobody but a person can give.</summary>
    EnrolmentNeeded,

    /// <summary>An operator signed the connection out.</summary>
    SignedOut,

    /// <summary>There is no token, and nothing has failed: nobody has asked for one.</summary>
    Never,
}
