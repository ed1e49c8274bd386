namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>
    /// Veeam Backup &amp; Replication 12 and 13 (helpcenter.veeam.com, REST API reference, "Requesting Authorization").
    /// Every call, token requests included, needs the header <c>x-api-version</c>.
    /// </summary>
    public static VendorProfile VeeamVbr =>
        new()
        {
            Name = "veeam-vbr",
            DisplayName = "Veeam Backup & Replication",
            SettingsName = "VeeamVbr",
            Server = new UrlSetting("BaseUrl", "the backup server's URL, for example https://vbr.contoso.com:9419"),
            TokenPath = "api/oauth2/token",
            Values =
            [
                new ValueSetting("ApiVersion", "the version and revision of the REST API, for example 1.2-rev1")
                {
                    Default = "1.2-rev1",
                },
            ],
            Headers = new Dictionary<string, string> { ["x-api-version"] = "{ApiVersion}" },
            Reply = new ReplyFields { Error = "errorCode" },
            EndSession = new ApiCall("POST", "api/oauth2/logout"),
            HarmlessCall = new ApiCall("GET", "api/v1/serverInfo"),
            Flow = new PasswordFlow
            {
                UsernameDescription = "the name of an account that nobody else signs in with",
                RefreshTokenLifetime = TimeSpan.FromDays(14),
            },
            CanPinCertificate = true,
            RefreshConcurrency = 64,
        };
}
