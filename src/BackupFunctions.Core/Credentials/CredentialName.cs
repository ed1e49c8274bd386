namespace BackupFunctions.Credentials;

/// <summary>Names one credential in the vault.</summary>
/// <param name="Name">The name of the secret; a certificate is read through the secret of its own name.</param>
/// <param name="IsCertificate">Whether it is a certificate with its private key.</param>
/// <param name="IsOptional">Whether a sign-in can do without it.</param>
public sealed record CredentialName(string Name, bool IsCertificate = false, bool IsOptional = false)
{
    /// <summary>
    /// The member that holds it, where the secret defines a whole connection; null where the secret is the credential.
    /// </summary>
    public string? Member { get; init; }

    /// <summary>
    /// The settings, as a digest, for which the secret held this member: it is used with no others, so that a
    /// credential never goes to a server that stands beside another version of it. Null without <see cref="Member"/>.
    /// </summary>
    public string? Definition { get; init; }
}
