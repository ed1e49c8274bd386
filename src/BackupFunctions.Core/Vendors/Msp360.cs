namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>
    /// MSP360 Managed Backup (help.mspbackups.com, "API, Provider, Login"). New API credentials end the old ones.
    /// </summary>
    public static VendorProfile Msp360 =>
        new()
        {
            Name = "msp360",
            DisplayName = "MSP360 Managed Backup",
            SettingsName = "Msp360",
            Server = new UrlSetting("BaseUrl", "the API's URL, for example https://api.mspbackups.com")
            {
                Default = "https://api.mspbackups.com",
            },
            TokenPath = "api/Provider/Login",

            // Documented are two weeks.
            LifetimeWithoutEvidence = TimeSpan.FromDays(1),
            HarmlessCall = new ApiCall("GET", "api/Users"),
            Flow = new ClientCredentialsFlow
            {
                Authentication = ClientAuthentication.Body,
                SendsJson = true,
                GrantType = null,
                ClientIdDescription = "the API login",
                ClientIdField = "UserName",
                ClientSecretField = "Password",
            },
        };
}
