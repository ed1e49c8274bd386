using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.State;

namespace BackupFunctions.Status;

/// <summary>
/// Reads the status of all connections cheaply: the ledger has what other instances did, memory what this one does,
/// and the token vault is listed only for connections that are in neither.
/// </summary>
public sealed class StatusReader
{
    /// <summary>
    /// How long a status waits, in a process that has just started, for the connections in the vault.
    /// </summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConnectionDirectory _directory;
    private readonly ConnectionReloader _reloader;
    private readonly ConnectionStates _states;
    private readonly ILedger _ledger;
    private readonly VaultTokenIndex _savedTokens;
    private readonly HostClock _time;
    private readonly IConnectionSource? _source;

    internal StatusReader(
        ConnectionDirectory directory,
        ConnectionReloader reloader,
        ConnectionStates states,
        ILedger ledger,
        VaultTokenIndex savedTokens,
        HostClock time,
        IConnectionSource? source = null
    )
    {
        _directory = directory;
        _reloader = reloader;
        _states = states;
        _ledger = ledger;
        _savedTokens = savedTokens;
        _time = time;
        _source = source;
    }

    /// <summary>All known connections that can be used, by vendor and name.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<Connection>> ListAsync(CancellationToken cancellationToken)
    {
        await _reloader.EnsureKnownAsync(Patience, cancellationToken);
        return [.. _directory.Vendors.SelectMany(_directory.Of)];
    }

    /// <summary>The status of all connections.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<StatusReport> ReadAsync(CancellationToken cancellationToken)
    {
        var connections = await ListAsync(cancellationToken);
        var entries = await _ledger.ReadAllAsync([.. connections.Select(one => one.Key)], cancellationToken);
        var unknown = connections
            .Where(one => MayHaveUnknownToken(entries[one.Key]) && _states.Find(one)?.Current is null)
            .ToList();
        var saved = await _savedTokens.FindAsync(unknown, cancellationToken);
        var now = _time.GetUtcNow();
        return new StatusReport(
            now,
            [.. connections.Select(StatusOf)],
            [.. _directory.Misconfigured],
            _source?.Unreadable ?? []
        )
        {
            HostAhead = _time.HostAhead,
        };

        ConnectionStatus StatusOf(Connection one) =>
            StatusRules.StatusOf(one, entries[one.Key], _states.Find(one), saved.GetValueOrDefault(one.Key), now);
    }

    /// <summary>
    /// There is no entry, or one by an older version that did not record its token. After a failure there is no token
    /// to look for.
    /// </summary>
    private static bool MayHaveUnknownToken(LedgerEntry entry)
    {
        if (entry.Token is not null || entry.SignedOutAt is not null)
        {
            return false;
        }

        return entry.LastSuccess is not null || entry.LastFailure is null;
    }
}
