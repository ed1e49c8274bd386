namespace BackupFunctions.Emulators;

/// <content>How the server behaves, which may change at any time, and how it refuses.</content>
public partial class VeeamEmulator
{
    /// <summary>The one account.</summary>
    public string Username { get; set; }

    /// <summary>Its password; assign a new one to rotate it.</summary>
    public string Password { get; set; }

    /// <summary>The secret of its authenticator app, Base32 without padding.</summary>
    public string TotpSecret { get; set; }

    /// <summary>Whether the account needs a second factor.</summary>
    public bool MfaRequired { get; set; }

    /// <summary>The lifetime of refresh tokens issued from now on.</summary>
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Whether reuse of a spent refresh token ends its whole session (RFC 9700 section 4.14.2).</summary>
    public bool ReuseEndsSession { get; set; }

    /// <summary>Whether a new sign-in ends the account's earlier ones.</summary>
    public bool SignInEndsEarlierSessions { get; set; }

    /// <summary>Whether <c>.issued</c> and <c>.expires</c> have no time zone, meaning UTC.</summary>
    public bool DatesWithoutZone { get; set; }

    /// <summary>
    /// Whether replies contradict themselves, like one in the documentation: <c>expires_in</c> is
    /// <see cref="VendorEmulator.TokenLifetime"/>, but the token and <c>.expires</c> say 900 s.
    /// </summary>
    public bool ContradictLifetimes { get; set; }

    /// <summary>The format of access tokens, which the documentation does not state.</summary>
    public TokenFormat TokenFormat { get; set; }

    private Reply BadRequest(string detail) =>
        _product.Error(StatusCodes.Status400BadRequest, "invalid_request", detail);

    private Reply Unauthorized() =>
        _product.Error(StatusCodes.Status401Unauthorized, "invalid_token", "The access token is not valid.");

    private Reply RefusedSignIn(string detail) =>
        Refused(_product.Error(_product.RefusalStatus, "invalid_grant", detail));
}
