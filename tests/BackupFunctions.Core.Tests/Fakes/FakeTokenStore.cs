using System.Collections.Concurrent;
using BackupFunctions.Connections;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>
/// A token vault in memory. Like the real one, it stores instants in whole seconds and may be down or deny access.
/// </summary>
internal sealed class FakeTokenStore : ITokenStore
{
    private readonly ConcurrentDictionary<string, AccessToken> _accessTokens = new();
    private readonly ConcurrentDictionary<string, RefreshToken> _refreshTokens = new();
    private readonly ConcurrentQueue<string> _writes = new();
    private readonly ConcurrentQueue<RefreshToken> _refreshTokensEver = new();
    private int _reads;

    /// <summary>The failure of every call; null while the vault works.</summary>
    public FailureKind? Outage { get; set; }

    /// <summary>The failure of every write; null while the vault accepts them.</summary>
    public FailureKind? WriteOutage { get; set; }

    /// <summary>The failure of every read; null while the vault answers them.</summary>
    public FailureKind? ReadOutage { get; set; }

    /// <summary>Runs with the priority of each access token that is saved.</summary>
    public Action<WritePriority> OnPriority { get; set; } = static _ => { };

    /// <summary>Runs before a write, and may make it wait.</summary>
    public Func<string, Task> BeforeWrite { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Runs when the request of a write is on its way: nothing can prevent it any more.</summary>
    public Action<string> OnTheWay { get; set; } = static _ => { };

    /// <summary>Whether the answer to the next write of a refresh token is lost.</summary>
    public bool LosesAnswer { get; set; }

    /// <summary>Runs before an access token is read, and may make it wait.</summary>
    public Func<Task> BeforeRead { get; set; } = static () => Task.CompletedTask;

    /// <summary>How often an access token was read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>The names of the written secrets, in order.</summary>
    public IReadOnlyCollection<string> Writes => _writes;

    public AccessToken? AccessTokenOf(Connection connection) =>
        _accessTokens.GetValueOrDefault(connection.TokenSecretName);

    public RefreshToken? RefreshTokenOf(Connection connection) =>
        _refreshTokens.GetValueOrDefault(connection.RefreshTokenSecretName);

    /// <summary>Stores an access token, as another process would.</summary>
    public void Put(Connection connection, AccessToken token) =>
        _accessTokens[connection.TokenSecretName] = InWholeSeconds(token);

    /// <summary>Stores a refresh token, as another process would.</summary>
    public void Put(Connection connection, RefreshToken token)
    {
        var saved = InWholeSeconds(token);
        _refreshTokens[connection.RefreshTokenSecretName] = saved;
        _refreshTokensEver.Enqueue(saved);
    }

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        _accessTokens.Clear();
        _refreshTokens.Clear();
    }

    public async ValueTask<AccessToken?> ReadAccessTokenAsync(
        Connection connection,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _reads);
        await BeforeRead();
        ThrowIf(Outage ?? ReadOutage);
        return AccessTokenOf(connection);
    }

    /// <summary>How often saved tokens were listed.</summary>
    public int Lists { get; private set; }

    /// <summary>Runs before saved tokens are listed, and may make it wait.</summary>
    public Func<Task> BeforeList { get; set; } = static () => Task.CompletedTask;

    public async Task<IReadOnlyDictionary<ConnectionKey, TokenMetadata>> ListAccessTokensAsync(
        IReadOnlyCollection<Connection> of,
        CancellationToken cancellationToken
    )
    {
        Lists++;
        await BeforeList();
        ThrowIf(Outage ?? ReadOutage);
        return of.Where(connection => AccessTokenOf(connection) is not null)
            .ToDictionary(connection => connection.Key, connection => AccessTokenOf(connection)!.Metadata);
    }

    public ValueTask<RefreshToken?> ReadRefreshTokenAsync(Connection connection, CancellationToken cancellationToken)
    {
        ThrowIf(Outage ?? ReadOutage);
        return ValueTask.FromResult(RefreshTokenOf(connection));
    }

    public async ValueTask<bool> WasSavedAsync(
        Connection connection,
        RefreshToken token,
        CancellationToken cancellationToken
    )
    {
        await ReadRefreshTokenAsync(connection, cancellationToken);
        return _refreshTokensEver.Any(saved => saved.Fingerprint == token.Fingerprint);
    }

    public ValueTask<RefreshToken?> ReadNewestRefreshTokenAsync(
        Connection connection,
        CancellationToken cancellationToken
    )
    {
        ThrowIf(Outage ?? ReadOutage);
        return ValueTask.FromResult(_refreshTokensEver.MaxBy(token => token.IssuedAt));
    }

    public async Task SaveAccessTokenAsync(
        Connection connection,
        AccessToken token,
        WritePriority priority,
        Action ensureMayWrite,
        CancellationToken cancellationToken
    )
    {
        OnPriority(priority);
        await BeforeWrite(connection.TokenSecretName);
        ensureMayWrite();
        OnTheWay(connection.TokenSecretName);
        ThrowIf(Outage ?? WriteOutage);
        if (AccessTokenOf(connection)?.Fingerprint != token.Fingerprint)
        {
            Put(connection, token);
            _writes.Enqueue(connection.TokenSecretName);
        }
    }

    public Task RemoveAsync(Connection connection, CancellationToken cancellationToken)
    {
        ThrowIf(Outage ?? WriteOutage);
        _accessTokens.TryRemove(connection.TokenSecretName, out _);
        _refreshTokens.TryRemove(connection.RefreshTokenSecretName, out _);
        return Task.CompletedTask;
    }

    public async Task SaveRefreshTokenAsync(
        Connection connection,
        RefreshToken token,
        Action ensureMayWrite,
        CancellationToken cancellationToken
    )
    {
        await BeforeWrite(connection.RefreshTokenSecretName);
        ensureMayWrite();
        OnTheWay(connection.RefreshTokenSecretName);
        ThrowIf(Outage ?? WriteOutage);
        if (RefreshTokenOf(connection)?.Fingerprint != token.Fingerprint)
        {
            Put(connection, token);
            _writes.Enqueue(connection.RefreshTokenSecretName);
        }

        if (LosesAnswer)
        {
            LosesAnswer = false;
            ThrowIf(FailureKind.VaultUnavailable);
        }
    }

    private static AccessToken InWholeSeconds(AccessToken token) =>
        new(token.Reveal(), token.Scope, WholeSecond(token.IssuedAt), WholeSecond(token.ExpiresAt));

    private static RefreshToken InWholeSeconds(RefreshToken token) =>
        new(
            token.Reveal(),
            token.IssuedAt is { } at ? WholeSecond(at) : null,
            token.ExpiresAt is { } end ? WholeSecond(end) : null
        );

    private static DateTimeOffset WholeSecond(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());

    private static void ThrowIf(FailureKind? outage)
    {
        if (outage is { } kind)
        {
            throw new TokenException(kind, "The fake vault is told to fail.");
        }
    }
}
