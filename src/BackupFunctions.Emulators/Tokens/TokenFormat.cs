namespace BackupFunctions.Emulators;

/// <summary>What an access token looks like.</summary>
public enum TokenFormat
{
    /// <summary>A signed JWT with <c>iat</c>, <c>nbf</c> and <c>exp</c>.</summary>
    Jwt,

    /// <summary>A random string that says nothing.</summary>
    Opaque,
}
