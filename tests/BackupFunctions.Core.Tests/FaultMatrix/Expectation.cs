namespace BackupFunctions.Core.Tests.FaultMatrix;

/// <summary>
/// One row of the matrix for one vendor, expected or seen; compared as text, so that a difference reads like the table.
/// </summary>
/// <param name="Answer">The HTTP status, and the token or the problem type.</param>
/// <param name="RetryAfter">The header in seconds; <c>-</c> for none.</param>
/// <param name="TokenCalls">How often the token endpoint was called.</param>
/// <param name="DiscoveryCalls">How often the discovery document was read; <c>-</c> where the vendor has none.</param>
/// <param name="AccessToken">What the vault holds afterwards, and whether the vendor would accept it.</param>
/// <param name="RefreshToken">The same; <c>-</c> where the vendor issues none.</param>
internal sealed record Expectation(
    string Answer,
    string RetryAfter,
    string TokenCalls,
    string DiscoveryCalls,
    string AccessToken,
    string RefreshToken
)
{
    public override string ToString() =>
        $"{Answer} | Retry-After {RetryAfter} | token {TokenCalls} | discovery {DiscoveryCalls} | access token "
        + $"{AccessToken} | refresh token {RefreshToken}";
}
