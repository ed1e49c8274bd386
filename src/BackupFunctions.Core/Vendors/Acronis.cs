namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>Acronis Cyber Protect Cloud (developer.acronis.com, "Authenticating to the platform").</summary>
    public static VendorProfile Acronis =>
        new()
        {
            Name = "acronis",
            SettingsName = "Acronis",
            Server = new UrlSetting(
                "DataCenterUrl",
                "the URL of the data center the client lives in, for example https://eu8-cloud.acronis.com"
            ),
            TokenPath = "api/2/idp/token",
            Flow = new ClientCredentialsFlow
            {
                Authentication = ClientAuthentication.Basic,
                ClientIdDescription = "the API client's id, a UUID",
                TenantScope = "urn:acronis.com:tenant-id:",
            },
        };
}
