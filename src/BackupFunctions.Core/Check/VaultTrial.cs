using BackupFunctions.Check.Servers;

namespace BackupFunctions.Check;

/// <summary>What a vault answered.</summary>
/// <param name="Verdict">What came of it.</param>
/// <param name="Detail">The failure in words; null if it is allowed.</param>
internal sealed record VaultTrial(VaultVerdict Verdict, string? Detail = null)
{
    /// <summary>The object id of the identity that was refused, where the vault names it.</summary>
    public Guid? Caller { get; init; }

    /// <summary>The vault's clock beside ours; null without a <c>Date</c>.</summary>
    public ClockReading? Clock { get; init; }
}
