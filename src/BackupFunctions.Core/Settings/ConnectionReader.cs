using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Vendors;

namespace BackupFunctions.Settings;

/// <summary>
/// Reads one connection as its vendor's profile asks, by the same rules from settings and from the vault.
/// </summary>
internal static class ConnectionReader
{
    /// <summary>Reads a connection.</summary>
    /// <param name="values">Its settings.</param>
    /// <param name="vendor">The vendor it is at.</param>
    /// <param name="findings">Receives what is wrong, in whole sentences.</param>
    /// <returns>Null if anything is wrong; a setting that is unknown is only found.</returns>
    public static Connection? Read(ConnectionValues values, VendorProfile vendor, ICollection<SettingFinding> findings)
    {
        var settings = new ConnectionSettings(values, vendor, findings);
        var parts = settings.Values(vendor.Values);
        var api = vendor.Api is null ? null : settings.Url(vendor.Api, parts);
        var server = settings.Url(vendor.Server, parts)!;
        var identity = vendor.Flow switch
        {
            ClientCredentialsFlow flow => ReadClient(settings, flow),
            PasswordFlow flow => ReadAccount(settings, flow),
            StaticKeyFlow => new Identity(settings.Credential("KeySecretName", "api-key")),
            _ => throw new InvalidOperationException($"{vendor.Flow} is not a known flow."),
        };
        var connection = new Connection
        {
            Vendor = vendor,
            Key = settings.Key,
            Server = server,
            BaseUrl = vendor.Api is null ? server : api,
            Values = parts,
            RefreshBefore = settings.RefreshBefore,
            TokenSecretName = settings.TokenSecretName,
            ServerCertificateSha256 = vendor.CanPinCertificate ? settings.Sha256("ServerCertificateSha256") : null,
            ClientId = identity.ClientId,
            Username = identity.Username,
            Authentication = identity.Authentication,
            Credential = identity.Credential,
            TotpSecret = identity.TotpSecret,
            Scope = identity.Scope,
            TenantId = identity.TenantId,
        };
        settings.FindUnknown();
        return settings.IsWrong ? null : connection;
    }

    private static Identity ReadClient(ConnectionSettings settings, ClientCredentialsFlow flow)
    {
        var authentication =
            flow.AcceptsClientSecret && settings.HasClientSecret ? ClientAuthentication.Body : flow.Authentication;
        var credential =
            authentication == ClientAuthentication.PrivateKeyJwt
                ? settings.Certificate("CertificateName")
                : settings.Credential("ClientSecretName", "client-secret");
        return new Identity(credential)
        {
            Authentication = authentication,
            ClientId = flow.ClientIdDescription is { } clientId ? settings.Required("ClientId", clientId) : "",
            Scope = flow.DefaultScope is null ? null : settings.Text("Scope") ?? flow.DefaultScope,
            TenantId = flow.TenantScope is null ? null : settings.Uuid("TenantId"),
        };
    }

    private static Identity ReadAccount(ConnectionSettings settings, PasswordFlow flow) =>
        new(settings.Credential("PasswordSecretName", "password"))
        {
            Username = settings.Required("Username", flow.UsernameDescription),
            TotpSecret = flow.OneTimeCodeGrant is null
                ? null
                : settings.Credential("TotpSecretName", "totp-secret", isOptional: true),
        };

    /// <summary>Who signs in, by the flow.</summary>
    private sealed record Identity(CredentialName Credential)
    {
        public string ClientId { get; init; } = "";

        public string Username { get; init; } = "";

        public ClientAuthentication? Authentication { get; init; }

        public CredentialName? TotpSecret { get; init; }

        public string? Scope { get; init; }

        public Guid? TenantId { get; init; }
    }
}
