namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>Rubrik Security Cloud (docs.rubrik.com, "Authenticating with a service account").</summary>
    public static VendorProfile Rubrik =>
        new()
        {
            Name = "rubrik",
            DisplayName = "Rubrik Security Cloud",
            SettingsName = "Rubrik",
            Server = new UrlSetting("BaseUrl", "the account's URL, for example https://contoso.my.rubrik.com"),
            TokenPath = "api/client_token",
            EndSession = new ApiCall("DELETE", "api/session"),
            HarmlessCall = new ApiCall("POST", "api/graphql") { Json = """{"query":"{deploymentVersion}"}""" },
            Flow = new ClientCredentialsFlow
            {
                Authentication = ClientAuthentication.Body,
                SendsJson = true,
                ClientIdDescription = "the service account's client id, which begins with client|",
            },
        };
}
