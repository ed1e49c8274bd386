using BackupFunctions.Connections;

namespace BackupFunctions.Status;

/// <summary>How all connections are.</summary>
/// <param name="GeneratedAt">When this was looked at.</param>
/// <param name="Connections">By vendor, then by name.</param>
/// <param name="Unreadable">The secrets that should define a connection and do not.</param>
public sealed record StatusReport(
    DateTimeOffset GeneratedAt,
    IReadOnlyList<ConnectionStatus> Connections,
    IReadOnlyList<UnreadableSecret> Unreadable
);
