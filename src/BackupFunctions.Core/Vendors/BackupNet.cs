namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>
    /// The backup.net MSP portal (Unitrends help desk, "backup.net public API": its table calls the secret
    /// <c>username</c>, its example <c>client_secret</c>, which is right).
    /// </summary>
    public static VendorProfile BackupNet =>
        new()
        {
            Name = "backupnet",
            DisplayName = "backup.net MSP portal",
            SettingsName = "BackupNet",
            Server = new UrlSetting("Authority", "the sign-in server's URL, for example https://login.backup.net")
            {
                Default = "https://login.backup.net",
            },
            Api = new UrlSetting("ApiUrl", "the API's URL, for example https://public-api.backup.net")
            {
                Default = "https://public-api.backup.net",
            },
            HarmlessCall = new ApiCall("GET", "v1/customers"),
            HasOwnTimer = true,
            Flow = new ClientCredentialsFlow
            {
                Authentication = ClientAuthentication.Body,
                ClientIdDescription = "the API client's id",
            },
        };
}
