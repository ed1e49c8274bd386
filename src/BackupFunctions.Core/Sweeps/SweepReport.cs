using BackupFunctions.Connections;
using BackupFunctions.Tokens;

namespace BackupFunctions.Sweeps;

/// <summary>What a sweep did.</summary>
/// <param name="Vendor">Whose connections.</param>
/// <param name="Renewed">How many were renewed, by this process or another.</param>
/// <param name="Fresh">How many were not due.</param>
/// <param name="Waiting">How many are due but backing off, or waiting for an operator.</param>
/// <param name="Failed">Those that were tried and failed.</param>
/// <param name="WasSkipped">Whether nothing was done because the previous sweep was still running.</param>
public sealed record SweepReport(
    string Vendor,
    int Renewed,
    int Fresh,
    int Waiting,
    IReadOnlyList<SweepFailure> Failed,
    bool WasSkipped = false
);

/// <summary>One connection that a sweep could not renew.</summary>
/// <param name="Connection">Which one.</param>
/// <param name="Failure">Why.</param>
public sealed record SweepFailure(ConnectionKey Connection, TokenFailure Failure);
