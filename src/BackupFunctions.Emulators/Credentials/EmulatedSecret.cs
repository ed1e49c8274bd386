namespace BackupFunctions.Emulators;

/// <summary>A secret to seed a vault with.</summary>
public sealed record EmulatedSecret(string Name, string Value, string ContentType)
{
    /// <summary>From when it is valid; Key Vault says so of a certificate's secret.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Until when it is valid.</summary>
    public DateTimeOffset? ExpiresOn { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [redacted]";
}
