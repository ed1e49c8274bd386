namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>Acronis Cyber Protect Cloud (developer.acronis.com, "Authenticating to the platform").</summary>
    public static VendorProfile Acronis =>
        new()
        {
            Name = "acronis",
            DisplayName = "Acronis Cyber Protect Cloud",
            SettingsName = "Acronis",
            Server = new UrlSetting(
                "DataCenterUrl",
                "the URL of the data center the client lives in, for example https://eu8-cloud.acronis.com"
            ),
            TokenPath = "api/2/idp/token",
            HarmlessCall = new ApiCall("GET", "api/2/clients/{ClientId}"),
            HasOwnTimer = true,
            Flow = new ClientCredentialsFlow
            {
                Authentication = ClientAuthentication.Basic,
                ClientIdDescription = "the API client's id, a UUID",
                TenantScope = "urn:acronis.com:tenant-id:",
            },
        };
}
