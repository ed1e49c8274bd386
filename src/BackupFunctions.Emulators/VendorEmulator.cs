using System.Security.Cryptography.X509Certificates;

namespace BackupFunctions.Emulators;

/// <summary>A vendor's sign-in server and, behind its bearer token, a small piece of the vendor's API.</summary>
public abstract class VendorEmulator : Emulator
{
    private protected VendorEmulator(
        string name,
        EmulatorOptions options,
        TimeSpan tokenLifetime,
        X509Certificate2? certificate,
        params string[] endpoints
    )
        : base(name, options, certificate, endpoints)
    {
        TokenLifetime = tokenLifetime;
        Mint = new TokenMint(Randomness);
        Ledger = new TokenLedger(() => Now);
    }

    /// <summary>How long tokens issued from now on live.</summary>
    public TimeSpan TokenLifetime { get; set; }

    /// <summary>Whether the vendor has disabled the client or account: sign-ins are refused and its tokens do not work.</summary>
    public bool ClientDisabled { get; set; }

    /// <summary>How many access tokens were ever issued.</summary>
    public int IssuedTokens => Ledger.Count;

    private protected TokenMint Mint { get; }

    private protected TokenLedger Ledger { get; }

    /// <summary>Whether the vendor would still accept this access token.</summary>
    public bool IsLive(string accessToken) => !ClientDisabled && Ledger.FindLive(accessToken) is not null;

    /// <summary>When the vendor itself will stop accepting this access token, on the vendor's clock; null if it never issued it.</summary>
    public DateTimeOffset? ExpiresAt(string accessToken) => Ledger.Find(accessToken)?.ExpiresAt;

    /// <summary>Ends every access token at once, whatever its expiry says.</summary>
    public void RevokeAllTokens() => Ledger.RevokeAll();

    /// <summary>Ends one access token and those derived from it.</summary>
    public void Revoke(string accessToken) => Ledger.Revoke(token => token.Value == accessToken);

    internal override bool TryRevoke()
    {
        RevokeAllTokens();
        return true;
    }

    /// <summary>The live token in a request's Authorization header, if there is one.</summary>
    private protected IssuedToken? TokenOf(HttpRequest request) =>
        !ClientDisabled && BearerToken.Of(request) is { } token ? Ledger.FindLive(token) : null;

    /// <summary>Refuses a sign-in and counts it.</summary>
    private protected Reply Refused(Reply reply)
    {
        Counters.AddRefusedSignIn();
        return reply;
    }
}
