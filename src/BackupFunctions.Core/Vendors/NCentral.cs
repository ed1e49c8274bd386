namespace BackupFunctions.Vendors;

public static partial class VendorProfiles
{
    /// <summary>
    /// N-able N-central (developer.n-able.com, "N-central, Authentication"): an API-only user's token is exchanged for
    /// an access token. Its refresh token is lost when the server restarts, so it signs in again instead.
    /// </summary>
    public static VendorProfile NCentral =>
        new()
        {
            Name = "ncentral",
            DisplayName = "N-able N-central",
            SettingsName = "NCentral",
            Server = new UrlSetting("BaseUrl", "the server's URL, for example https://ncentral.contoso.com"),
            TokenPath = "api/auth/authenticate",
            Reply = new ReplyFields
            {
                AccessToken = "tokens/access/token",
                ExpiresIn = "tokens/access/expirySeconds",
                Error = "message",
            },
            HarmlessCall = new ApiCall("GET", "api/auth/validate"),
            Flow = new ClientCredentialsFlow { Authentication = ClientAuthentication.Bearer, GrantType = null },
            CanPinCertificate = true,
        };
}
