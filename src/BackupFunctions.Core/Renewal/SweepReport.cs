using BackupFunctions.Connections;
using BackupFunctions.Tokens;

namespace BackupFunctions.Renewal;

/// <summary>What a sweep did.</summary>
/// <param name="Vendor">Whose connections.</param>
/// <param name="Renewed">How many were renewed, by this process or another.</param>
/// <param name="Fresh">How many were not due.</param>
/// <param name="Waiting">How many are due but back off, or wait for an operator.</param>
/// <param name="Failed">Those that were tried and failed.</param>
/// <param name="WasLeftOut">Whether nothing was done because the sweep before was still running.</param>
public sealed record SweepReport(
    string Vendor,
    int Renewed,
    int Fresh,
    int Waiting,
    IReadOnlyList<SweepFailure> Failed,
    bool WasLeftOut = false
);

/// <summary>One connection that a sweep could not renew.</summary>
/// <param name="Connection">Which one.</param>
/// <param name="Failure">Why.</param>
public sealed record SweepFailure(ConnectionKey Connection, TokenFailure Failure);
