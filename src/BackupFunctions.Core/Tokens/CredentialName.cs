namespace BackupFunctions.Tokens;

/// <summary>Names one credential in the vault.</summary>
/// <param name="Name">The name of the secret; a certificate is read through the secret of its own name.</param>
/// <param name="IsCertificate">Whether it is a certificate with its private key.</param>
/// <param name="IsOptional">Whether a sign-in can do without it.</param>
public sealed record CredentialName(string Name, bool IsCertificate = false, bool IsOptional = false);
