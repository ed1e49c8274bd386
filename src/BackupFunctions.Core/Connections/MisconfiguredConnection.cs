using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.Connections;

/// <summary>A connection whose settings are wrong: it gets no token, and affects no other connection.</summary>
/// <param name="Vendor">The vendor that the connection is at.</param>
/// <param name="Key">
/// Which connection this is. The name may be one that no connection can have: that may be what is wrong.
/// </param>
/// <param name="Problem">What is wrong, in whole sentences; never a setting's value.</param>
/// <param name="Remedy">How to fix it, in whole sentences; null if the problem says it.</param>
public sealed record MisconfiguredConnection(VendorProfile Vendor, ConnectionKey Key, string Problem, string? Remedy)
{
    /// <summary>What a caller gets instead of a token.</summary>
    public TokenFailure Failure => new(FailureKind.Misconfigured, Problem) { Remedy = Remedy };
}
