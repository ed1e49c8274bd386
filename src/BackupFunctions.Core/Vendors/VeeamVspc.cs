namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>
    /// Veeam Service Provider Console 7 to 9 (helpcenter.veeam.com, VSPC REST API reference, "Authorization"). Parallel
    /// sessions of one user end each other.
    /// </summary>
    public static VendorProfile VeeamVspc =>
        new()
        {
            Name = "veeam-vspc",
            DisplayName = "Veeam Service Provider Console",
            SettingsName = "VeeamVspc",
            Server = new UrlSetting("BaseUrl", "the console's URL, for example https://vspc.contoso.com:1280"),
            TokenPath = "api/v3/token",
            HarmlessCall = new ApiCall("GET", "api/v3/about"),
            Flow = new PasswordFlow
            {
                UsernameDescription = "the name of a user that nobody else signs in with",
                OneTimeCodeGrant = "mfa",

                // Not documented for this product; its siblings' refresh tokens live for 14 days.
                RefreshTokenLifetime = TimeSpan.FromDays(14),
            },
            CanPinCertificate = true,
            RefreshConcurrency = 64,
        };
}
