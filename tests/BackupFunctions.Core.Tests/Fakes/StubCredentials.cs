using BackupFunctions.Credentials;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>Credentials in a dictionary.</summary>
internal sealed class StubCredentials : ICredentialSource
{
    public Dictionary<string, Credential> Held { get; } = [];

    public StubCredentials With(string name, Credential credential)
    {
        Held[name] = credential;
        return this;
    }

    public StubCredentials With(string name, string secret) =>
        With(name, new Credential("v1", new SecretText(secret), null));

    public ValueTask<Credential?> FindAsync(CredentialName name, bool newest, CancellationToken cancellationToken) =>
        Held.TryGetValue(name.Name, out var credential) ? ValueTask.FromResult<Credential?>(credential)
        : name.IsOptional ? ValueTask.FromResult<Credential?>(null)
        : throw new TokenException(FailureKind.CredentialMissing, $"The vault has no secret named {name.Name}.");

    public ValueTask<Credential?> FindOlderCertificateAsync(
        CredentialName name,
        Credential refused,
        CancellationToken cancellationToken
    ) => ValueTask.FromResult<Credential?>(null);
}
