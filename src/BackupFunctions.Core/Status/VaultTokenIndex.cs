using BackupFunctions.Connections;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Status;

/// <summary>
/// The tokens that the token vault lists, for connections that neither this process nor the ledger knows a token of:
/// after a start without storage, or with an entry of an older version. A list takes one call per 25 secrets, so it
/// is read rarely and nobody waits long for it. Thread-safe.
/// </summary>
internal sealed class VaultTokenIndex(ITokenStore store, TimeProvider time, ILogger<VaultTokenIndex> logger)
{
    /// <summary>The shortest time between two lists.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(1);

    /// <summary>How long a caller waits for a list; a later caller sees what arrives after that.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private volatile IReadOnlyDictionary<ConnectionKey, TokenMetadata> _known =
        new Dictionary<ConnectionKey, TokenMetadata>();
    private Task _reading = Task.CompletedTask;
    private DateTimeOffset? _endedAt;
    private TimeSpan _took;

    /// <summary>
    /// What is known of some connections' tokens, and perhaps of others. Throws only if the caller cancels.
    /// </summary>
    /// <param name="connections">The connections; an empty list costs nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyDictionary<ConnectionKey, TokenMetadata>> FindAsync(
        IReadOnlyCollection<Connection> connections,
        CancellationToken cancellationToken
    )
    {
        if (connections.Count > 0)
        {
            await JoinOrStart(connections)
                .WaitAsync(Patience, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return _known;
    }

    private Task JoinOrStart(IReadOnlyCollection<Connection> connections)
    {
        lock (_lock)
        {
            if (_reading.IsCompleted && IsDue())
            {
                _reading = ReadAsync(connections);
            }

            return _reading;
        }
    }

    private bool IsDue()
    {
        // A vault of many thousands takes long: never spend more than a tenth of the time listing it.
        var pause = TimeSpan.FromTicks(Math.Max(_took.Ticks * 9, FreshFor.Ticks));
        return _endedAt is null || (time.GetUtcNow() - _endedAt.Value).Duration() >= pause;
    }

    private async Task ReadAsync(IReadOnlyCollection<Connection> connections)
    {
        // Off the caller's thread and out of the lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var begunAt = time.GetUtcNow();
        try
        {
            _known = await store.ListAccessTokensAsync(connections, CancellationToken.None);
        }
        catch (TokenException exception)
        {
            StatusLog.NotListed(logger, exception.Failure.Kind, exception.Failure.Detail);
        }
        catch (Exception exception)
        {
            StatusLog.ListingBroke(logger, exception);
        }

        lock (_lock)
        {
            _endedAt = time.GetUtcNow();
            _took = _endedAt.Value - begunAt;
        }
    }
}
