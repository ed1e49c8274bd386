namespace BackupFunctions.Check;

/// <summary>What is to be checked.</summary>
public sealed record CheckRequest
{
    /// <summary>The only vendor whose connections are looked at; null for all.</summary>
    public string? Vendor { get; init; }

    /// <summary>The only connection of that vendor; null for all.</summary>
    public string? Connection { get; init; }

    /// <summary>Whether a real sign-in is made, which saves the token that it brings.</summary>
    public bool SignsIn { get; init; } = true;

    /// <summary>Whether it is tried to save a secret, which leaves a version of it in each vault.</summary>
    public bool ProbesSaving { get; init; }
}
