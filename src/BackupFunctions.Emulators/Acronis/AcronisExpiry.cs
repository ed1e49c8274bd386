namespace BackupFunctions.Emulators;

/// <summary>How a reply says when its token expires; the documentation has either, and each is optional.</summary>
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
