using BackupFunctions.Connections;
using BackupFunctions.Credentials;

namespace BackupFunctions.Vendors;

/// <summary>An API client in one Acronis data center.</summary>
public sealed class AcronisConnection : Connection
{
    /// <summary>Where the client lives, for example <c>https://eu8-cloud.acronis.com</c>.</summary>
    public required Uri DataCenterUrl { get; init; }

    /// <summary>The API client's id.</summary>
    public required string ClientId { get; init; }

    /// <summary>The API client's secret.</summary>
    public required CredentialName ClientSecret { get; init; }

    /// <summary>The tenant that the stored token is scoped to; null for the client's own.</summary>
    public Guid? TenantId { get; init; }

    /// <inheritdoc/>
    public override Guid? OwnTenant => TenantId;

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialName> Credentials => [ClientSecret];
}
