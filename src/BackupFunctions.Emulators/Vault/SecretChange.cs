namespace BackupFunctions.Emulators;

/// <summary>The changes of a set or an update; null leaves a part unchanged, or at its default.</summary>
internal sealed record SecretChange
{
    public string? Value { get; init; }

    public string? ContentType { get; init; }

    public bool? Enabled { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? ExpiresOn { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public SecretVersion ApplyTo(SecretVersion version, DateTimeOffset now) =>
        version with
        {
            ContentType = ContentType ?? version.ContentType,
            Enabled = Enabled ?? version.Enabled,
            NotBefore = NotBefore ?? version.NotBefore,
            ExpiresOn = ExpiresOn ?? version.ExpiresOn,
            Tags = Tags ?? version.Tags,
            Updated = now,
        };

    public override string ToString() => "[redacted]";
}
