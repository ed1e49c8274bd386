using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Rotation;
using BackupFunctions.Tokens;

namespace BackupFunctions.SignIn;

/// <summary>One sign-in: the connection, its credentials, and which versions of them were used.</summary>
/// <param name="connection">The connection to sign in.</param>
/// <param name="credentials">Where credentials are read.</param>
/// <param name="newest">Whether to read them from the vault now, whatever is cached.</param>
/// <param name="refusals">How often the vendor may refuse them.</param>
internal sealed class SignInContext(
    Connection connection,
    ICredentialSource credentials,
    bool newest,
    RefusalBudget refusals
)
{
    private readonly SortedDictionary<string, string> _versions = new(StringComparer.Ordinal);

    public Connection Connection => connection;

    public RefusalBudget Refusals => refusals;

    /// <summary>What a vendor with rotating refresh tokens needs besides; null for every other vendor.</summary>
    public RotationContext? Rotation { get; init; }

    /// <summary>An older version of the certificate, to use in place of the newest; null for the newest.</summary>
    public Credential? OlderCertificate { get; init; }

    /// <summary>When the first of the credentials used expires; null if none does.</summary>
    public DateTimeOffset? CredentialExpiresAt { get; private set; }

    /// <summary>
    /// What a person would overlook in the client secret or password, as a whole sentence; null if there is nothing.
    /// </summary>
    public string? Oddity { get; private set; }

    /// <summary>
    /// The versions of the credentials used, in a form that two sign-ins can compare; empty if none was read.
    /// </summary>
    public string CredentialVersion => CredentialVersions.Join(_versions);

    /// <summary>Reads one of the connection's credentials.</summary>
    /// <exception cref="TokenException">The credential is missing, or the vault is unavailable.</exception>
    public async ValueTask<Credential> GetAsync(CredentialName name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken)
        ?? throw new TokenException(
            FailureKind.CredentialMissing,
            $"The secret {name.Name} is not in the vault.",
            "Save it there under this name."
        );

    /// <summary>Reads one of the connection's credentials; null if it is absent and optional.</summary>
    /// <exception cref="TokenException">The credential is missing, or the vault is unavailable.</exception>
    public async ValueTask<Credential?> FindAsync(CredentialName name, CancellationToken cancellationToken)
    {
        var credential =
            OlderCertificate is not null && name.IsCertificate
                ? OlderCertificate
                : await credentials.FindAsync(name, newest, cancellationToken);
        _versions[CredentialVersions.KeyOf(name)] = CredentialVersions.Of(credential);
        if (credential?.ExpiresAt is { } expiresAt && (CredentialExpiresAt is null || expiresAt < CredentialExpiresAt))
        {
            CredentialExpiresAt = expiresAt;
        }

        if (
            credential is { Certificate: null }
            && name == connection.Credential
            && Invisible.Find(credential.Secret.Reveal()) is { } oddity
        )
        {
            Oddity = $"The secret {CredentialVersions.KeyOf(name)} contains {oddity}.";
        }

        return credential;
    }
}
