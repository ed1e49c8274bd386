namespace BackupFunctions.Emulators;

/// <summary>A secret to seed a vault with.</summary>
public sealed record EmulatedSecret(string Name, string Value, string ContentType)
{
    /// <summary>When it becomes valid; Key Vault states this for the secret of a certificate.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it expires.</summary>
    public DateTimeOffset? ExpiresOn { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [redacted]";
}
