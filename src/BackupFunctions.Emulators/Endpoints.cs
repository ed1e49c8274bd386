namespace BackupFunctions.Emulators;

/// <summary>The names under which calls are counted and faults are added.</summary>
public static class Endpoints
{
    /// <summary>Where tokens are issued.</summary>
    public const string Token = "token";

    /// <summary>The OpenID Connect discovery document.</summary>
    public const string Discovery = "discovery";

    /// <summary>The key set that the discovery document names.</summary>
    public const string KeySet = "jwks";

    /// <summary>Where tokens are revoked (RFC 7009).</summary>
    public const string Revocation = "revocation";

    /// <summary>Veeam's sign-out.</summary>
    public const string SignOut = "sign-out";

    /// <summary>The vendor's API behind the bearer token.</summary>
    public const string Api = "api";

    /// <summary>Vault: a request without a bearer token, answered with a challenge.</summary>
    public const string Challenge = "challenge";

    /// <summary>Vault: read a secret, its current version or a named one.</summary>
    public const string Get = "get";

    /// <summary>Vault: write a new version.</summary>
    public const string Set = "set";

    /// <summary>Vault: list the secrets.</summary>
    public const string List = "list";

    /// <summary>Vault: list a secret's versions.</summary>
    public const string Versions = "versions";

    /// <summary>Vault: change a version's attributes, content type or tags.</summary>
    public const string Update = "update";

    /// <summary>Vault: delete a secret softly.</summary>
    public const string Delete = "delete";

    /// <summary>Vault: read or list deleted secrets.</summary>
    public const string Deleted = "deleted";

    /// <summary>Vault: recover a deleted secret.</summary>
    public const string Recover = "recover";

    /// <summary>Vault: purge a deleted secret.</summary>
    public const string Purge = "purge";

    /// <summary>A path that the emulator does not have.</summary>
    public const string Unknown = "unknown";

    /// <summary>In faults and denials: every endpoint.</summary>
    public const string Every = "*";
}
