using BackupFunctions.Connections;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Benchmarks.WarmHits;

/// <summary>A token store that accepts everything and keeps nothing.</summary>
internal sealed class NoTokenStore : ITokenStore
{
    public ValueTask<AccessToken?> ReadAccessTokenAsync(Connection connection, CancellationToken cancellationToken) =>
        default;

    public Task<IReadOnlyDictionary<ConnectionKey, TokenMetadata>> ListAccessTokensAsync(
        IReadOnlyCollection<Connection> of,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult<IReadOnlyDictionary<ConnectionKey, TokenMetadata>>(
            new Dictionary<ConnectionKey, TokenMetadata>()
        );

    public ValueTask<RefreshToken?> ReadRefreshTokenAsync(Connection connection, CancellationToken cancellationToken) =>
        default;

    public Task SaveAccessTokenAsync(
        Connection connection,
        AccessToken token,
        WritePriority priority,
        Action ensureMayWrite,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;

    public Task RemoveAsync(Connection connection, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<bool> WasSavedAsync(
        Connection connection,
        RefreshToken token,
        CancellationToken cancellationToken
    ) => ValueTask.FromResult(false);

    public ValueTask<RefreshToken?> ReadNewestRefreshTokenAsync(
        Connection connection,
        CancellationToken cancellationToken
    ) => default;

    public Task SaveRefreshTokenAsync(
        Connection connection,
        RefreshToken token,
        Action ensureMayWrite,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;
}
