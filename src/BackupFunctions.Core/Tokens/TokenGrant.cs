namespace BackupFunctions.Tokens;

/// <summary>What one successful sign-in brought.</summary>
/// <param name="AccessToken">The new access token.</param>
/// <param name="RefreshToken">The new refresh token, where the vendor gives one.</param>
public sealed record TokenGrant(AccessToken AccessToken, RefreshToken? RefreshToken = null);
