using BackupFunctions.Credentials;
using BackupFunctions.Tokens;

namespace BackupFunctions.Connections;

/// <summary>A named set of credentials at one vendor, as validated settings describe it.</summary>
public abstract class Connection
{
    /// <summary>Which connection this is.</summary>
    public required ConnectionKey Key { get; init; }

    /// <summary>Where the vendor's API is; null if not known.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>How early to renew; null for the rule of <see cref="AccessToken.RefreshAt"/>.</summary>
    public TimeSpan? RefreshBefore { get; init; }

    /// <summary>The secret of the token vault that holds the access token.</summary>
    public required string TokenSecretName { get; init; }

    /// <summary>The secret of the credential vault that holds the refresh token, where the vendor gives one.</summary>
    public string RefreshTokenSecretName => $"{Key.Vendor}-{Key.Connection}-refresh-token";

    /// <summary>The credentials that a sign-in reads, in the vault's names.</summary>
    public abstract IReadOnlyList<CredentialName> Credentials { get; }

    /// <summary>The tenant that the stored token is already scoped to; null for the connection's own.</summary>
    public virtual Guid? OwnTenant => null;
}
