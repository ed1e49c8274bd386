namespace BackupFunctions.Emulators;

/// <summary>How a reply states when its token expires; the documentation shows both fields as optional.</summary>
public enum AcronisExpiry
{
    /// <summary><c>expires_on</c>, in Unix seconds.</summary>
    ExpiresOn,

    /// <summary><c>expires_in</c>, in seconds.</summary>
    ExpiresIn,

    /// <summary>Both.</summary>
    Both,

    /// <summary>Neither.</summary>
    None,
}
