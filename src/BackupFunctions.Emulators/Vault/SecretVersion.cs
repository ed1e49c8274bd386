namespace BackupFunctions.Emulators;

/// <summary>One version of a secret.</summary>
public sealed record SecretVersion(string Name, string Version, string Value)
{
    public string? ContentType { get; init; }

    public bool Enabled { get; init; } = true;

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? ExpiresOn { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Updated { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}/{Version} [redacted]";
}
