namespace BackupFunctions.Tokens;

/// <summary>One sign-in under way: what it may use, and what it learns that must outlive it.</summary>
public sealed class SignIn
{
    private readonly ICredentialSource _credentials;
    private readonly bool _newest;
    private readonly SortedDictionary<string, string> _versions = new(StringComparer.Ordinal);

    /// <summary>Begins a sign-in.</summary>
    /// <param name="connection">Who signs in.</param>
    /// <param name="credentials">Where credentials are read.</param>
    /// <param name="newest">Whether to read them from the vault now, whatever is cached.</param>
    public SignIn(Connection connection, ICredentialSource credentials, bool newest)
    {
        Connection = connection;
        _credentials = credentials;
        _newest = newest;
    }

    /// <summary>Who signs in.</summary>
    public Connection Connection { get; }

    /// <summary>The saved refresh token; null if there is none or it must not be spent.</summary>
    public RefreshToken? RefreshToken { get; init; }

    /// <summary>Whether <see cref="RefreshToken"/> was sent before and its answer lost, so that it is probably spent.</summary>
    public bool IsRefreshTokenDoubtful => RefreshToken is not null && RefreshToken.Fingerprint == DoubtfulRefreshToken;

    /// <summary>Throws if the right to spend anything was lost. Called right before a request that spends something.</summary>
    public Action EnsureStillMine { get; init; } = static () => { };

    /// <summary>
    /// The fingerprint of a refresh token that was sent without an answer: it may be spent. Null if there is none.
    /// </summary>
    public string? DoubtfulRefreshToken { get; set; }

    /// <summary>Which versions of the credentials were used, in a form that two sign-ins can compare.</summary>
    public string CredentialVersion => CredentialVersions.Join(_versions);

    /// <summary>Reads one of the connection's credentials and remembers which version it was.</summary>
    /// <exception cref="TokenException">The credential cannot be had.</exception>
    public async ValueTask<Credential> GetAsync(CredentialName name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken)
        ?? throw new TokenException(FailureKind.CredentialMissing, $"The secret {name.Name} is not in the vault.");

    /// <summary>Reads one of the connection's credentials, null if it is absent and optional, and remembers which version it was.</summary>
    /// <exception cref="TokenException">The credential cannot be had.</exception>
    public async ValueTask<Credential?> FindAsync(CredentialName name, CancellationToken cancellationToken)
    {
        var credential = await _credentials.FindAsync(name, _newest, cancellationToken);
        _versions[CredentialVersions.KeyOf(name)] = CredentialVersions.Of(credential);
        return credential;
    }
}
