namespace BackupFunctions.Broker;

/// <summary>How a sign-out went; the connection is signed out in any case.</summary>
/// <param name="EndedAtVendor">Whether the vendor ended the session, so that its tokens no longer work.</param>
/// <param name="Detail">What was done, and what was not and why, in whole sentences.</param>
public sealed record SignOutReport(bool EndedAtVendor, string Detail);
