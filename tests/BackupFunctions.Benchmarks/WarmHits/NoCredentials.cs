using BackupFunctions.Credentials;

namespace BackupFunctions.Benchmarks.WarmHits;

/// <summary>A credential source without credentials.</summary>
internal sealed class NoCredentials : ICredentialSource
{
    public ValueTask<Credential?> FindAsync(CredentialName name, bool newest, CancellationToken cancellationToken) =>
        default;

    public ValueTask<Credential?> FindOlderCertificateAsync(
        CredentialName name,
        Credential refused,
        CancellationToken cancellationToken
    ) => default;
}
