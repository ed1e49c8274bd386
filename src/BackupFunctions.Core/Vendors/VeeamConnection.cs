using BackupFunctions.Connections;
using BackupFunctions.Credentials;

namespace BackupFunctions.Vendors;

/// <summary>An account at one Veeam Backup for Microsoft Azure appliance.</summary>
public sealed class VeeamConnection : Connection
{
    /// <summary>The appliance, often by its IP address.</summary>
    public required Uri Appliance { get; init; }

    /// <summary>The account: use one that nobody else signs in with.</summary>
    public required string Username { get; init; }

    /// <summary>The account's password.</summary>
    public required CredentialName Password { get; init; }

    /// <summary>The unpadded Base32 secret of the account's one-time codes; need not exist.</summary>
    public required CredentialName TotpSecret { get; init; }

    /// <summary>The SHA-256 of the appliance's certificate, 64 upper-case hex digits; null if the system trusts it.</summary>
    public string? ServerCertificateSha256 { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialName> Credentials => [Password, TotpSecret];
}
