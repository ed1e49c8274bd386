using BackupFunctions.Connections;
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
        var api = vendor.Api is null ? null : settings.Url(vendor.Api);
        var server = settings.Url(vendor.Server)!;
        var connection = vendor.Flow switch
        {
            ClientCredentialsFlow flow => ReadClient(settings, vendor, flow, server, api),
            PasswordFlow flow => ReadAccount(settings, vendor, flow, server, api),
            _ => throw new InvalidOperationException($"{vendor.Flow} is not a known flow."),
        };
        settings.FindUnknown();
        return settings.IsWrong ? null : connection;
    }

    private static Connection ReadClient(
        ConnectionSettings settings,
        VendorProfile vendor,
        ClientCredentialsFlow flow,
        Uri server,
        Uri? api
    ) =>
        new()
        {
            Vendor = vendor,
            Key = settings.Key,
            Server = server,
            BaseUrl = vendor.Api is null ? server : api,
            RefreshBefore = settings.RefreshBefore,
            TokenSecretName = settings.TokenSecretName,
            ClientId = settings.Required("ClientId", flow.ClientIdDescription),
            Credential =
                flow.Authentication == ClientAuthentication.PrivateKeyJwt
                    ? settings.Certificate("CertificateName")
                    : settings.Credential("ClientSecretName", "client-secret"),
            Scope = flow.DefaultScope is null ? null : settings.Text("Scope") ?? flow.DefaultScope,
            TenantId = flow.TenantScope is null ? null : settings.Uuid("TenantId"),
            ServerCertificateSha256 = ReadPin(settings, vendor),
        };

    private static Connection ReadAccount(
        ConnectionSettings settings,
        VendorProfile vendor,
        PasswordFlow flow,
        Uri server,
        Uri? api
    ) =>
        new()
        {
            Vendor = vendor,
            Key = settings.Key,
            Server = server,
            BaseUrl = vendor.Api is null ? server : api,
            RefreshBefore = settings.RefreshBefore,
            TokenSecretName = settings.TokenSecretName,
            Username = settings.Required("Username", flow.UsernameDescription),
            Credential = settings.Credential("PasswordSecretName", "password"),
            TotpSecret = settings.Credential("TotpSecretName", "totp-secret", isOptional: true),
            ServerCertificateSha256 = ReadPin(settings, vendor),
        };

    private static string? ReadPin(ConnectionSettings settings, VendorProfile vendor) =>
        vendor.CanPinCertificate ? settings.Sha256("ServerCertificateSha256") : null;
}
