using BackupFunctions.Connections;

namespace BackupFunctions.Status;

/// <summary>The status of all connections.</summary>
/// <param name="GeneratedAt">When the status was read.</param>
/// <param name="Connections">By vendor, then by name.</param>
/// <param name="Misconfigured">The connections whose settings are wrong, by vendor, then by name.</param>
/// <param name="Unreadable">The invalid connection secrets in the vault.</param>
public sealed record StatusReport(
    DateTimeOffset GeneratedAt,
    IReadOnlyList<ConnectionStatus> Connections,
    IReadOnlyList<MisconfiguredConnection> Misconfigured,
    IReadOnlyList<UnreadableSecret> Unreadable
)
{
    /// <summary>How far this host's clock is ahead of the true time; null if that is not known.</summary>
    public TimeSpan? HostAhead { get; init; }
}
