namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>
    /// Acronis CyberApp: Acronis at another path (developer.acronis.com, "Authenticating to the platform").
    /// </summary>
    public static VendorProfile AcronisCyberApp =>
        Acronis with
        {
            Name = "acronis-cyberapp",
            DisplayName = "Acronis CyberApp",
            SettingsName = "AcronisCyberApp",
            TokenPath = "bc/idp/token",
            HarmlessCall = null,
        };
}
