using BackupFunctions.Connections;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Status;

/// <summary>
/// What the token vault's list tells of tokens that neither this process nor the record knows: a fresh process without storage, or a
/// record of an earlier version. A list costs a call for 25 secrets, so that it is read seldom, and nobody waits long for it.
/// </summary>
internal sealed class VaultTokenIndex(ITokenStore store, TimeProvider time, ILogger<VaultTokenIndex> logger)
{
    /// <summary>The list is read no more often than this.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(1);

    /// <summary>How long somebody waits for it; the next one finds what came later.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private volatile IReadOnlyDictionary<ConnectionKey, TokenMetadata> _known =
        new Dictionary<ConnectionKey, TokenMetadata>();
    private Task _reading = Task.CompletedTask;
    private DateTimeOffset? _endedAt;
    private TimeSpan _took;

    /// <summary>What is known of the tokens of some connections, and perhaps of others. Never throws but for the caller's own cancellation.</summary>
    /// <param name="of">Of which connections; none costs nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyDictionary<ConnectionKey, TokenMetadata>> FindAsync(
        IReadOnlyCollection<Connection> of,
        CancellationToken cancellationToken
    )
    {
        if (of.Count > 0)
        {
            await JoinOrStart(of)
                .WaitAsync(Patience, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return _known;
    }

    private Task JoinOrStart(IReadOnlyCollection<Connection> of)
    {
        lock (_gate)
        {
            // A vault of many thousands is read the more seldom: never more than a tenth of the time.
            var pause = _took * 9 > FreshFor ? _took * 9 : FreshFor;
            if (_reading.IsCompleted && !(time.GetUtcNow() - _endedAt < pause))
            {
                _reading = ReadAsync(of);
            }

            return _reading;
        }
    }

    private async Task ReadAsync(IReadOnlyCollection<Connection> of)
    {
        // Off the caller's thread and out of the gate.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var begunAt = time.GetUtcNow();
        try
        {
            _known = await store.ListAccessTokensAsync(of, CancellationToken.None);
        }
        catch (TokenException exception)
        {
            StatusLog.NotListed(logger, exception.Failure.Kind, exception.Failure.Detail);
        }
        catch (Exception exception)
        {
            StatusLog.ListingBroke(logger, exception);
        }

        lock (_gate)
        {
            _endedAt = time.GetUtcNow();
            _took = _endedAt.Value - begunAt;
        }
    }
}
