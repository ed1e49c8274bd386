using BackupFunctions.Vendors;

namespace BackupFunctions.Connections;

/// <summary>A connection and the vendor that it is at.</summary>
/// <param name="Vendor">How to sign in.</param>
/// <param name="Connection">With what.</param>
public sealed record VendorConnection(IVendor Vendor, Connection Connection);
