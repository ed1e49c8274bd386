namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>
    /// AvePoint Cloud Backup for IaaS + PaaS (learn.avepoint.com, "Authentication and authorization").
    /// </summary>
    public static VendorProfile AvePoint =>
        new()
        {
            Name = "avepoint",
            DisplayName = "AvePoint Cloud Backup for IaaS + PaaS",
            SettingsName = "AvePoint",
            Server = new UrlSetting(
                "IdentityServiceUrl",
                "the identity service's URL, for example https://identity.avepointonlineservices.com"
            )
            {
                Default = "https://identity.avepointonlineservices.com",
            },
            Api = new UrlSetting("ApiUrl", "the URL of the API, for example https://graph.avepointonlineservices.com")
            {
                IsOptional = true,
            },
            HasOwnTimer = true,
            Flow = new ClientCredentialsFlow
            {
                Authentication = ClientAuthentication.PrivateKeyJwt,
                ClientIdDescription = "the client id of the app registration, a UUID",
                AcceptsClientSecret = true,
                DefaultScope = "platformbackup.readwrite.all",
            },
        };
}
