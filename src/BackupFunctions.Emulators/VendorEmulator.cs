using System.Security.Cryptography.X509Certificates;

namespace BackupFunctions.Emulators;

/// <summary>A vendor's sign-in server and, behind its bearer token, a small part of the vendor's API.</summary>
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

    /// <summary>The lifetime of tokens issued from now on.</summary>
    public TimeSpan TokenLifetime { get; set; }

    /// <summary>
    /// Whether the vendor has disabled the client or account, so that sign-ins and its tokens are refused.
    /// </summary>
    public bool ClientDisabled { get; set; }

    /// <summary>How many access tokens were issued so far.</summary>
    public int IssuedTokens => Ledger.Count;

    private protected TokenMint Mint { get; }

    private protected TokenLedger Ledger { get; }

    /// <summary>Whether the vendor would still accept this access token.</summary>
    public bool IsLive(string accessToken) => !ClientDisabled && Ledger.FindLive(accessToken) is not null;

    /// <summary>
    /// When the vendor stops accepting this access token, on the vendor's clock; null if it never issued it.
    /// </summary>
    public DateTimeOffset? ExpiresAt(string accessToken) => Ledger.Find(accessToken)?.ExpiresAt;

    /// <summary>Revokes every access token at once.</summary>
    public void RevokeAllTokens() => Ledger.RevokeAll();

    /// <summary>Revokes one access token and those derived from it.</summary>
    public void Revoke(string accessToken) => Ledger.Revoke(token => token.Value == accessToken);

    internal override bool TryRevoke()
    {
        RevokeAllTokens();
        return true;
    }

    /// <summary>The live token in a request's Authorization header, or null.</summary>
    private protected IssuedToken? TokenOf(HttpRequest request) =>
        !ClientDisabled && BearerToken.Of(request) is { } token ? Ledger.FindLive(token) : null;

    /// <summary>Refuses a sign-in and counts it.</summary>
    private protected Reply Refused(Reply reply)
    {
        Counters.AddRefusedSignIn();
        return reply;
    }
}
