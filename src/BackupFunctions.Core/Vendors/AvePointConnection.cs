using BackupFunctions.Connections;
using BackupFunctions.Credentials;

namespace BackupFunctions.Vendors;

/// <summary>An app registration at AvePoint Online Services.</summary>
public sealed class AvePointConnection : Connection
{
    /// <summary>The identity service, for example <c>https://identity.avepointonlineservices.com</c>.</summary>
    public required Uri IdentityServiceUrl { get; init; }

    /// <summary>The app registration's client id.</summary>
    public required string ClientId { get; init; }

    /// <summary>The certificate that is registered for it.</summary>
    public required CredentialName Certificate { get; init; }

    /// <summary>The scope that is asked for.</summary>
    public required string Scope { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialName> Credentials => [Certificate];
}
