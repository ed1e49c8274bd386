using BackupFunctions.Renewal;

namespace BackupFunctions.Broker;

/// <summary>What a caller asks of the broker.</summary>
public readonly record struct TokenRequest
{
    /// <summary>The longest remaining lifetime that a caller may ask for.</summary>
    public static readonly TimeSpan LongestMinimumLifetime = TimeSpan.FromDays(1);

    /// <summary>Asks for a token that lives for another minute.</summary>
    public TokenRequest() { }

    /// <summary>The remaining lifetime that the token must have.</summary>
    public TimeSpan MinimumLifetime { get; init; } = TokenRequirement.DefaultMinimumLifetime;

    /// <summary>The fingerprint of a token that the vendor did not accept; lower case.</summary>
    public string? Rejected { get; init; }

    /// <summary>Whether to renew now.</summary>
    public bool Refresh { get; init; }

    /// <summary>Who asks, for the record of a renewal that this causes; null if that is not known.</summary>
    public string? AskedBy { get; init; }
}
