namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>
    /// Veeam Backup for Microsoft 365 8 (helpcenter.veeam.com, REST API reference, "Requesting Authorization").
    /// </summary>
    public static VendorProfile VeeamVb365 =>
        new()
        {
            Name = "veeam-vb365",
            DisplayName = "Veeam Backup for Microsoft 365",
            SettingsName = "VeeamVb365",
            Server = new UrlSetting("BaseUrl", "the backup server's URL, for example https://vb365.contoso.com:4443"),
            TokenPath = "{ApiVersion}/token",
            Values = [new ValueSetting("ApiVersion", "the version of the REST API, for example v8") { Default = "v8" }],
            HarmlessCall = new ApiCall("GET", "{ApiVersion}/ServiceInstance"),
            Flow = new PasswordFlow
            {
                UsernameDescription = "the name of an account that nobody else signs in with",

                // Not documented for this product; its siblings' refresh tokens live for 14 days.
                RefreshTokenLifetime = TimeSpan.FromDays(14),
            },
            CanPinCertificate = true,
            RefreshConcurrency = 64,
        };
}
