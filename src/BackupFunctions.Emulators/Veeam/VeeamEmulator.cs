using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// A server of a <see cref="VeeamProduct"/>: password, second factor, rotating refresh tokens and sign-out, and any
/// <c>GET</c> of the API behind the access token.
/// </summary>
public partial class VeeamEmulator : VendorEmulator
{
    private static readonly TimeSpan ShortRefreshTokenLifetime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ContradictedLifetime = TimeSpan.FromSeconds(900);
    private readonly VeeamProduct _product;
    private readonly VeeamSessions _sessions;
    private readonly VeeamPendingSignIns _pending;
    private readonly VeeamOneTimeCodes _codes = new();
    private int _refusedCodes;
    private int _refusedRefreshTokens;

    /// <summary>An appliance of Backup for Microsoft Azure that knows the one account.</summary>
    public VeeamEmulator(EmulatorOptions options)
        : this(VeeamProduct.BackupForAzure, options) { }

    /// <summary>A server that knows the one account of <see cref="EmulatorOptions.Credentials"/>.</summary>
    public VeeamEmulator(VeeamProduct product, EmulatorOptions options)
        : base(
            product.Name,
            options,
            TimeSpan.FromMinutes(60),
            LoopbackCertificate.Create(options.Time),
            Endpoints.Token,
            Endpoints.SignOut,
            Endpoints.Api
        )
    {
        _product = product;
        MfaRequired = product.MfaGrant is not null;
        SignInEndsEarlierSessions = product.SignInEndsEarlierSessions;
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
        (request.Method, request.Path.Value!) switch
        {
            ("POST", var path) when path == _product.TokenPath => Endpoints.Token,
            var call when call == _product.SignOut => Endpoints.SignOut,
            ("GET", var path) when path.StartsWith(_product.ApiPath, StringComparison.Ordinal) => Endpoints.Api,
            _ => Endpoints.Unknown,
        };

    private protected override async Task<Reply> AnswerAsync(string endpoint, HttpRequest request) =>
        endpoint switch
        {
            not Endpoints.Unknown when _product.RequiredHeader is { } header && !request.Headers.ContainsKey(header) =>
                BadRequest($"The header {header} is required."),
            Endpoints.Token when await TokenForm.ReadAsync(request) is { } form => Issue(form),
            Endpoints.Token => BadRequest("The request must be a form without repeated fields."),
            Endpoints.SignOut when TokenOf(request) is { Session: { } session } => SignOut(session),
            Endpoints.Api when TokenOf(request) is not null => Reply.Json(
                StatusCodes.Status200OK,
                new JsonObject { ["totalCount"] = 0, ["results"] = new JsonArray() }
            ),
            Endpoints.SignOut or Endpoints.Api => Unauthorized(),
            _ => Reply.NotFound(),
        };

    private Reply Issue(TokenForm form)
    {
        var refreshLifetime =
            form["short_lived_refresh_token"] == "true" ? ShortRefreshTokenLifetime : RefreshTokenLifetime;
        return form["grant_type"] switch
        {
            { } grant when grant == _product.PasswordGrant => SignIn(form, refreshLifetime),
            { } grant when grant == _product.MfaGrant => Confirm(form, refreshLifetime),
            { } grant when grant == _product.RefreshGrant => Refresh(form, refreshLifetime),
            _ => BadRequest("The grant_type is missing or not supported."),
        };
    }

    private Reply SignIn(TokenForm form, TimeSpan refreshLifetime)
    {
        if (form[_product.UsernameField] is not { } username || form[_product.PasswordField] is not { } password)
            return BadRequest("The user name and the password are required.");
        if (ClientDisabled)
            return RefusedSignIn("The account is disabled.");
        if (Lockout.IsLocked)
            return RefusedSignIn("The account is locked out.");
        if (username != Username || password != Password)
        {
            Lockout.Refuse();
            return RefusedSignIn("The user name or password is wrong.");
        }

        Lockout.Forgive();
        return MfaRequired
            ? new VeeamTokenReply(Username, DatesWithoutZone).MfaNeeded(_pending.Begin())
            : Begun(refreshLifetime);
    }

    private Reply Confirm(TokenForm form, TimeSpan refreshLifetime)
    {
        if (form["mfa_token"] is not { } token || form["mfa_code"] is not { } code)
            return BadRequest("mfa_token and mfa_code are required.");
        if (ClientDisabled)
            return RefusedSignIn("The account is disabled.");
        if (!_pending.IsPending(token))
            return Refused(BadRequest("The MFA token is not valid."));
        if (!_codes.TryUse(TotpSecret, code, Now) || !_pending.TryComplete(token))
        {
            Interlocked.Increment(ref _refusedCodes);
            return RefusedSignIn("The verification code is wrong.");
        }

        return Begun(refreshLifetime);
    }

    private Reply Refresh(TokenForm form, TimeSpan refreshLifetime)
    {
        if (form["refresh_token"] is not { } spent)
            return BadRequest("refresh_token is required.");
        if (!ClientDisabled && _sessions.Rotate(spent, refreshLifetime) is { } next)
            return Granted(next);

        if (ReuseEndsSession && _sessions.SpentBy(spent) is { } session)
            SignOut(session);
        Interlocked.Increment(ref _refusedRefreshTokens);
        return Refused(BadRequest("The refresh token is not valid."));
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
        return new VeeamTokenReply(Username, DatesWithoutZone).Granted(
            token,
            refreshToken.Value,
            TokenLifetime,
            MfaRequired
        );
    }
}
