namespace BackupFunctions.Check;

/// <summary>What storage answered.</summary>
/// <param name="IsUsable">Whether both can be done.</param>
/// <param name="IsDenied">Whether it answered that this host may not.</param>
/// <param name="Detail">The failure in words; null if there is none.</param>
internal sealed record StorageTrial(bool IsUsable, bool IsDenied = false, string? Detail = null);
