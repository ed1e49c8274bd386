namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>
    /// Druva's MSP API (developer.druva.com, "Authenticate, MSP APIs"). Ids and secrets are base64 and sent unencoded.
    /// </summary>
    public static VendorProfile Druva =>
        new()
        {
            Name = "druva",
            DisplayName = "Druva MSP",
            SettingsName = "Druva",
            Server = new UrlSetting("BaseUrl", "the API's URL, for example https://apis.druva.com")
            {
                Default = "https://apis.druva.com",
            },
            TokenPath = "msp/auth/v1/token",
            LifetimeWithoutEvidence = TimeSpan.FromMinutes(15),

            // Documented for the enterprise API: an expired token may be answered with 403.
            RejectedStatuses = [401, 403],
            HarmlessCall = new ApiCall("GET", "msp/v3/customers"),
            Flow = new ClientCredentialsFlow
            {
                Authentication = ClientAuthentication.Basic,
                ClientIdDescription = "the API credentials' client id",
            },
        };
}
