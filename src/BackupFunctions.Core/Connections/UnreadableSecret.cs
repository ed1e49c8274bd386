namespace BackupFunctions.Connections;

/// <summary>A secret that should define a connection and does not.</summary>
/// <param name="Secret">Its name.</param>
/// <param name="Detail">Why it does not.</param>
public sealed record UnreadableSecret(string Secret, string Detail);
