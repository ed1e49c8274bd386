using BackupFunctions.Renewal;

namespace BackupFunctions.Broker;

/// <summary>What a caller asks of the broker.</summary>
public readonly record struct TokenRequest
{
    /// <summary>Asks for a token that lives for another minute.</summary>
    public TokenRequest() { }

    /// <summary>The life that the token must still have.</summary>
    public TimeSpan MinimumLifetime { get; init; } = RenewalRules.DefaultMinimumLifetime;

    /// <summary>The fingerprint of a token that the vendor answered with 401; lower case.</summary>
    public string? Rejected { get; init; }

    /// <summary>Whether to renew by hand.</summary>
    public bool Refresh { get; init; }
}
