using BackupFunctions.Connections;
using BackupFunctions.Credentials;

namespace BackupFunctions.Vendors;

/// <summary>An API client of the backup.net portal.</summary>
public sealed class BackupNetConnection : Connection
{
    /// <summary>The sign-in server, for example <c>https://login.backup.net</c>.</summary>
    public required Uri Authority { get; init; }

    /// <summary>The API client's id.</summary>
    public required string ClientId { get; init; }

    /// <summary>The API client's secret.</summary>
    public required CredentialName ClientSecret { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialName> Credentials => [ClientSecret];
}
