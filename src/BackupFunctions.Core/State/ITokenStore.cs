using BackupFunctions.Connections;
using BackupFunctions.Tokens;

namespace BackupFunctions.State;

/// <summary>
/// Where tokens are kept between processes. Every method throws <see cref="TokenException"/> with
/// <see cref="FailureKind.VaultUnavailable"/> or <see cref="FailureKind.VaultAccessDenied"/>, and nothing else.
/// </summary>
public interface ITokenStore
{
    /// <summary>Reads the saved access token.</summary>
    /// <returns>
    /// Null if there is none, or the secret does not hold a token of this connection with a known expiry.
    /// </returns>
    ValueTask<AccessToken?> ReadAccessTokenAsync(Connection connection, CancellationToken cancellationToken);

    /// <summary>Describes saved access tokens without reading them; expired ones too.</summary>
    Task<IReadOnlyDictionary<ConnectionKey, TokenMetadata>> ListAccessTokensAsync(
        IReadOnlyCollection<Connection> of,
        CancellationToken cancellationToken
    );

    /// <summary>Reads the saved refresh token.</summary>
    /// <returns>Null if there is none.</returns>
    ValueTask<RefreshToken?> ReadRefreshTokenAsync(Connection connection, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the refresh token that was issued last, among all that were ever saved: an older one may have been saved
    /// over it. Takes a request for every 25 of them.
    /// </summary>
    /// <returns>Null if there is none.</returns>
    ValueTask<RefreshToken?> ReadNewestRefreshTokenAsync(Connection connection, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a refresh token was ever saved, be it that the answer was lost. Takes a request for every 25 that were.
    /// </summary>
    ValueTask<bool> WasSavedAsync(Connection connection, RefreshToken token, CancellationToken cancellationToken);

    /// <summary>Saves an access token; one that is saved already is not written again.</summary>
    /// <param name="connection">Whose it is.</param>
    /// <param name="token">The token.</param>
    /// <param name="priority">Who goes first when writes wait.</param>
    /// <param name="ensureMayWrite">
    /// Called as each request that writes is sent, those too that the client repeats; throws to prevent it.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task SaveAccessTokenAsync(
        Connection connection,
        AccessToken token,
        WritePriority priority,
        Action ensureMayWrite,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Removes the connection's tokens of both kinds; it is no error if there are none. A later save restores them.
    /// </summary>
    Task RemoveAsync(Connection connection, CancellationToken cancellationToken);

    /// <summary>
    /// Saves a refresh token, before any other write; one that is saved already is not written again.
    /// </summary>
    /// <param name="connection">Whose it is.</param>
    /// <param name="token">The token.</param>
    /// <param name="ensureMayWrite">
    /// Called as each request that writes is sent, those too that the client repeats; throws to prevent it.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task SaveRefreshTokenAsync(
        Connection connection,
        RefreshToken token,
        Action ensureMayWrite,
        CancellationToken cancellationToken
    );
}

/// <summary>Who goes first when a vault's limit makes writes wait.</summary>
public enum WritePriority
{
    /// <summary>A caller waits for the answer.</summary>
    Caller,

    /// <summary>A sweep: nobody waits.</summary>
    Background,
}
