namespace BackupFunctions.Check.Servers;

/// <summary>How far the request came.</summary>
internal enum ServerOutcome
{
    /// <summary>There is a reply, whatever it says.</summary>
    Answered,

    /// <summary>DNS does not know the name.</summary>
    NameUnknown,

    /// <summary>No connection was made, or it broke.</summary>
    Unreachable,

    /// <summary>The certificate, or the protocol, was refused by us.</summary>
    NotTrusted,
}
