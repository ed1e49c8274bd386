using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// A Veeam Backup for Microsoft Azure appliance: password, second factor, rotating refresh tokens and sign-out at
/// <c>/api/oauth2/token</c>, and <c>GET /api/v{n}/…</c> behind the access token. Based on helpcenter.veeam.com
/// ("REST API, Requesting Authorization").
/// </summary>
public sealed partial class VeeamEmulator : VendorEmulator
{
    private const string TokenPath = "/api/oauth2/token";
    private static readonly TimeSpan ShortRefreshTokenLifetime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ContradictedLifetime = TimeSpan.FromSeconds(900);
    private readonly VeeamSessions _sessions;
    private readonly VeeamPendingSignIns _pending;
    private readonly VeeamOneTimeCodes _codes = new();
    private int _refusedCodes;
    private int _refusedRefreshTokens;

    /// <summary>An appliance that knows the one account of <see cref="EmulatorOptions.Credentials"/>.</summary>
    public VeeamEmulator(EmulatorOptions options)
        : base(
            "veeam",
            options,
            TimeSpan.FromMinutes(60),
            LoopbackCertificate.Create(options.Time),
            Endpoints.Token,
            Endpoints.SignOut,
            Endpoints.Api
        )
    {
        Username = options.Credentials.VeeamUsername;
        Password = options.Credentials.VeeamPassword;
        TotpSecret = options.Credentials.VeeamTotpSecret;
        Lockout = new VeeamLockout(() => Now);
        _sessions = new VeeamSessions(() => Now, Randomness);
        _pending = new VeeamPendingSignIns(() => Now, Randomness);
    }

    /// <summary>How many sign-ins succeeded with the password and, if required, the code.</summary>
    public int SignIns => _sessions.Begun;

    /// <summary>
    /// How many codes were refused; <see cref="VeeamLockout.RefusedPasswords"/> counts the passwords.
    /// </summary>
    public int RefusedCodes => Volatile.Read(ref _refusedCodes);

    /// <summary>How many refresh tokens were refused: spent, expired or never issued.</summary>
    public int RefusedRefreshTokens => Volatile.Read(ref _refusedRefreshTokens);

    /// <summary>When the account is locked out.</summary>
    public VeeamLockout Lockout { get; }

    /// <summary>The SHA-256 of the server certificate (DER) in hex, for pinning.</summary>
    public string CertificateSha256 => Convert.ToHexStringLower(SHA256.HashData(Certificate!.RawData));

    /// <summary>Whether the appliance would still accept this refresh token.</summary>
    public bool IsLiveRefreshToken(string refreshToken) => !ClientDisabled && _sessions.IsLive(refreshToken);

    /// <summary>Ends all sign-ins with their refresh tokens and access tokens.</summary>
    public void EndAllSessions()
    {
        _sessions.EndAll();
        RevokeAllTokens();
    }

    private protected override string EndpointOf(HttpRequest request) =>
        (request.Method, request.Path.Value) switch
        {
            ("POST", TokenPath) => Endpoints.Token,
            ("DELETE", TokenPath) => Endpoints.SignOut,
            ("GET", ['/', 'a', 'p', 'i', '/', 'v', >= '0' and <= '9', ..]) => Endpoints.Api,
            _ => Endpoints.Unknown,
        };

    private protected override async Task<Reply> AnswerAsync(string endpoint, HttpRequest request) =>
        endpoint switch
        {
            Endpoints.Token when await TokenForm.ReadAsync(request) is { } form => Issue(form),
            Endpoints.Token => ProblemReply.BadRequest("The request must be a form without repeated fields."),
            Endpoints.SignOut when TokenOf(request) is { Session: { } session } => SignOut(session),
            Endpoints.Api when TokenOf(request) is not null => Reply.Json(
                StatusCodes.Status200OK,
                new JsonObject { ["totalCount"] = 0, ["results"] = new JsonArray() }
            ),
            Endpoints.SignOut or Endpoints.Api => ProblemReply.Unauthorized("The access token is not valid."),
            _ => Reply.NotFound(),
        };

    private Reply Issue(TokenForm form)
    {
        var refreshLifetime =
            form["short_lived_refresh_token"] == "true" ? ShortRefreshTokenLifetime : RefreshTokenLifetime;
        return form["grant_type"] switch
        {
            "Password" => SignIn(form, refreshLifetime),
            "Mfa" => Confirm(form, refreshLifetime),
            "Refresh_token" => Refresh(form, refreshLifetime),
            _ => ProblemReply.BadRequest("The grant_type is missing or not supported."),
        };
    }

    private Reply SignIn(TokenForm form, TimeSpan refreshLifetime)
    {
        if (form["Username"] is not { } username || form["Password"] is not { } password)
            return ProblemReply.BadRequest("Username and Password are required.");
        if (ClientDisabled)
            return Refused(ProblemReply.Unauthorized("The account is disabled."));
        if (Lockout.IsLocked)
            return Refused(ProblemReply.Unauthorized("The account is locked out."));
        if (username != Username || password != Password)
        {
            Lockout.Refuse();
            return Refused(ProblemReply.Unauthorized("The user name or password is wrong."));
        }

        Lockout.Forgive();
        return MfaRequired ? TokenReply().MfaNeeded(_pending.Begin()) : Begun(refreshLifetime);
    }

    private Reply Confirm(TokenForm form, TimeSpan refreshLifetime)
    {
        if (form["mfa_token"] is not { } token || form["mfa_code"] is not { } code)
            return ProblemReply.BadRequest("mfa_token and mfa_code are required.");
        if (ClientDisabled)
            return Refused(ProblemReply.Unauthorized("The account is disabled."));
        if (!_pending.IsPending(token))
            return Refused(ProblemReply.BadRequest("The MFA token is not valid."));
        if (!_codes.TryUse(TotpSecret, code, Now) || !_pending.TryComplete(token))
        {
            Interlocked.Increment(ref _refusedCodes);
            return Refused(ProblemReply.Unauthorized("The verification code is wrong."));
        }

        return Begun(refreshLifetime);
    }

    private Reply Refresh(TokenForm form, TimeSpan refreshLifetime)
    {
        if (form["refresh_token"] is not { } spent)
            return ProblemReply.BadRequest("refresh_token is required.");
        if (!ClientDisabled && _sessions.Rotate(spent, refreshLifetime) is { } next)
            return Granted(next);

        if (ReuseEndsSession && _sessions.SpentBy(spent) is { } session)
            SignOut(session);
        Interlocked.Increment(ref _refusedRefreshTokens);
        return Refused(ProblemReply.BadRequest("The refresh token is not valid."));
    }

    private Reply Begun(TimeSpan refreshLifetime)
    {
        if (SignInEndsEarlierSessions)
            EndAllSessions();
        return Granted(_sessions.Begin(refreshLifetime));
    }

    private Reply SignOut(string session)
    {
        _sessions.End(session);
        Ledger.Revoke(token => token.Session == session);
        return new Reply(StatusCodes.Status204NoContent);
    }

    private Reply Granted(VeeamRefreshToken refreshToken)
    {
        var now = Now;
        var expiresAt = now + (ContradictLifetimes ? ContradictedLifetime : TokenLifetime);
        var claims = new JsonObject
        {
            ["iss"] = Origin,
            ["sub"] = Username,
            ["role"] = VeeamTokenReply.Role,
            ["sid"] = refreshToken.Session,
        };
        var value = TokenFormat is TokenFormat.Jwt ? Mint.Jwt(now, expiresAt, claims) : Mint.Opaque();
        var token = new IssuedToken(value, now, expiresAt) { Session = refreshToken.Session };
        Ledger.Add(token);
        return TokenReply().Granted(token, refreshToken.Value, TokenLifetime, MfaRequired);
    }

    private VeeamTokenReply TokenReply() => new(Username, DatesWithoutZone);
}
