namespace BackupFunctions.Emulators;

/// <summary>The format of an access token.</summary>
public enum TokenFormat
{
    /// <summary>A signed JWT with <c>iat</c>, <c>nbf</c> and <c>exp</c>.</summary>
    Jwt,

    /// <summary>An opaque random string.</summary>
    Opaque,
}
