using BackupFunctions.Connections;
using BackupFunctions.Tokens;

namespace BackupFunctions.Renewal;

/// <summary>
/// Where tokens are kept between processes. Every method throws <see cref="TokenException"/> with
/// <see cref="FailureKind.VaultUnavailable"/> or <see cref="FailureKind.VaultAccessDenied"/>, and nothing else.
/// </summary>
public interface ITokenStore
{
    /// <summary>Reads the saved access token.</summary>
    /// <returns>Null if there is none, or what is there is not a token of this connection with a known expiry.</returns>
    ValueTask<AccessToken?> ReadAccessTokenAsync(Connection connection, CancellationToken cancellationToken);

    /// <summary>Tells of saved access tokens without reading one.</summary>
    /// <param name="of">Of which connections.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those that were found; a token that is over is one too.</returns>
    Task<IReadOnlyDictionary<ConnectionKey, TokenMetadata>> ListAccessTokensAsync(
        IReadOnlyCollection<Connection> of,
        CancellationToken cancellationToken
    );

    /// <summary>Reads the saved refresh token.</summary>
    /// <returns>Null if there is none.</returns>
    ValueTask<RefreshToken?> ReadRefreshTokenAsync(Connection connection, CancellationToken cancellationToken);

    /// <summary>Saves an access token; one that is already there is not written again.</summary>
    Task SaveAccessTokenAsync(Connection connection, AccessToken token, CancellationToken cancellationToken);

    /// <summary>Removes the connection's tokens of both kinds; none is a fault. A later save brings them back.</summary>
    Task RemoveAsync(Connection connection, CancellationToken cancellationToken);

    /// <summary>Saves a refresh token; one that is already there is not written again.</summary>
    Task SaveRefreshTokenAsync(Connection connection, RefreshToken token, CancellationToken cancellationToken);
}
