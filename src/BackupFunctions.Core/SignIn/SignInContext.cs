using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;

namespace BackupFunctions.SignIn;

/// <summary>One sign-in under way: what it may use, and what it learns that must outlive it.</summary>
public sealed class SignInContext
{
    private readonly ICredentialSource _credentials;
    private readonly bool _newest;
    private readonly int _refusalsLeft = RenewalRules.MostRefusals;
    private readonly SortedDictionary<string, string> _versions = new(StringComparer.Ordinal);

    /// <summary>Begins a sign-in.</summary>
    /// <param name="connection">Who signs in.</param>
    /// <param name="credentials">Where credentials are read.</param>
    /// <param name="newest">Whether to read them from the vault now, whatever is cached.</param>
    public SignInContext(Connection connection, ICredentialSource credentials, bool newest)
    {
        Connection = connection;
        _credentials = credentials;
        _newest = newest;
    }

    /// <summary>Who signs in.</summary>
    public Connection Connection { get; }

    /// <summary>The saved refresh token; null if there is none or it must not be spent.</summary>
    public RefreshToken? RefreshToken { get; init; }

    /// <summary>
    /// The one-time code with which a person enrols the connection: then password and code are used, and nothing else. Null for a
    /// sign-in that must do by itself.
    /// </summary>
    public SecretText? OneTimeCode { get; init; }

    /// <summary>Whether <see cref="RefreshToken"/> was sent before and its answer lost, so that it is probably spent.</summary>
    public bool IsRefreshTokenDoubtful => RefreshToken is not null && RefreshToken.Fingerprint == DoubtfulRefreshToken;

    /// <summary>Throws if the right to spend anything was lost. Called right before a request that spends something.</summary>
    public Action EnsureStillMine { get; init; } = static () => { };

    /// <summary>
    /// The fingerprint of a refresh token that was sent without an answer: it may be spent. Null if there is none.
    /// </summary>
    public string? DoubtfulRefreshToken { get; set; }

    /// <summary>
    /// Why that refresh token is in doubt, if it was sent in this very attempt: then it is not sent once more in it, and this is what the
    /// attempt ends in where nothing else helps. Null if it was sent earlier, or not.
    /// </summary>
    public TokenException? Unanswered { get; set; }

    /// <summary>
    /// Throws if credentials must not be sent now, because they were refused too often of late. Called by a vendor whose refresh tokens
    /// are no credentials, before it sends any.
    /// </summary>
    public Action EnsureMayBeRefused { get; init; } = static () => { };

    /// <summary>How often the vendor may still refuse these credentials before the account is left alone for a while.</summary>
    public int RefusalsLeft
    {
        get => _refusalsLeft - Refusals;
        init => _refusalsLeft = value;
    }

    /// <summary>How often the vendor refused credentials in the course of this sign-in.</summary>
    public int Refusals { get; private set; }

    /// <summary>An older version of a certificate that is to be used instead of the newest; null for the newest of every credential.</summary>
    internal (CredentialName Name, Credential Version)? Instead { get; init; }

    /// <summary>The latest time step of RFC 6238 whose one-time code is known to be used; null if none is.</summary>
    public long? OneTimeCodeStep { get; init; }

    /// <summary>Puts on record, before its code is sent, that a time step is used up.</summary>
    public Func<long, ValueTask> UseOneTimeCodeStepAsync { get; init; } = static _ => ValueTask.CompletedTask;

    /// <summary>
    /// A refresh token that came in a reply which was otherwise of no use. What was spent for it is gone, so it is saved all the
    /// same. Null if there is none.
    /// </summary>
    public RefreshToken? UnpairedRefreshToken { get; set; }

    /// <summary>When the first of the credentials that were used ends; null if none does.</summary>
    internal DateTimeOffset? CredentialExpiresAt { get; private set; }

    /// <summary>Which versions of the credentials were used, in a form that two sign-ins can compare.</summary>
    public string CredentialVersion => CredentialVersions.Join(_versions);

    /// <summary>Puts on record that credentials are about to be sent once more after a refusal: a process may be killed before it can tell.</summary>
    internal Func<ValueTask> CountAheadAsync { get; init; } = static () => ValueTask.CompletedTask;

    /// <summary>Counts a refusal of a password, secret, assertion or one-time code that the sign-in ends with.</summary>
    internal void NoteLastRefusal() => Refusals++;

    /// <summary>Counts a refusal of a password, secret, assertion or one-time code that the sign-in goes on after.</summary>
    public ValueTask NoteRefusalAsync()
    {
        Refusals++;
        return CountAheadAsync();
    }

    /// <summary>Reads one of the connection's credentials and remembers which version it was.</summary>
    /// <exception cref="TokenException">The credential cannot be had.</exception>
    public async ValueTask<Credential> GetAsync(CredentialName name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken)
        ?? throw new TokenException(FailureKind.CredentialMissing, $"The secret {name.Name} is not in the vault.");

    /// <summary>Reads one of the connection's credentials, null if it is absent and optional, and remembers which version it was.</summary>
    /// <exception cref="TokenException">The credential cannot be had.</exception>
    public async ValueTask<Credential?> FindAsync(CredentialName name, CancellationToken cancellationToken)
    {
        var credential =
            Instead is { } instead && instead.Name == name
                ? instead.Version
                : await _credentials.FindAsync(name, _newest, cancellationToken);
        _versions[CredentialVersions.KeyOf(name)] = CredentialVersions.Of(credential);
        CredentialExpiresAt =
            credential?.ExpiresAt is { } end && !(CredentialExpiresAt <= end) ? end : CredentialExpiresAt;
        return credential;
    }
}
