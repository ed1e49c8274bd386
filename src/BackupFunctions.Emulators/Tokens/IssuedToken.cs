namespace BackupFunctions.Emulators;

/// <summary>An access token in its vendor's records.</summary>
internal sealed record IssuedToken(string Value, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>The token it was derived from, without which it does not work.</summary>
    public string? Base { get; init; }

    /// <summary>The customer tenant that it is scoped to.</summary>
    public Guid? Tenant { get; init; }

    /// <summary>The sign-in that it belongs to.</summary>
    public string? Session { get; init; }

    public override string ToString() => "[redacted]";
}
