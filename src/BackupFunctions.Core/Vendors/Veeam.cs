namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>
    /// Veeam Backup for Microsoft Azure (helpcenter.veeam.com, REST API reference, "Authentication").
    /// </summary>
    public static VendorProfile Veeam =>
        new()
        {
            Name = "veeam",
            DisplayName = "Veeam Backup for Microsoft Azure",
            SettingsName = "Veeam",
            Server = new UrlSetting("BaseUrl", "the appliance's URL, for example https://203.0.113.10"),
            TokenPath = "api/oauth2/token",
            EndSession = new ApiCall("DELETE", "api/oauth2/token"),
            HasOwnTimer = true,
            Flow = new PasswordFlow
            {
                PasswordGrant = "Password",
                RefreshGrant = "Refresh_token",
                OneTimeCodeGrant = "Mfa",
                UsernameField = "Username",
                PasswordField = "Password",
                UsernameDescription = "the name of an account that nobody else signs in with",
                RefreshTokenLifetime = TimeSpan.FromDays(14),
            },
            CanPinCertificate = true,

            // Each appliance is a server of its own: many at once burden none, and one that is down holds up few.
            RefreshConcurrency = 64,
        };
}
