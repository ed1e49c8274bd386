using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.State;

namespace BackupFunctions.Status;

/// <summary>
/// Looks at all connections, at little cost: the record of all instances tells what the others did, memory what this one does, and only
/// of what is in neither the token vault's list is asked.
/// </summary>
public sealed class StatusReader
{
    /// <summary>How long a status waits, in a process that has just started, for the connections that the vault defines.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConnectionDirectory _directory;
    private readonly ConnectionReloader _news;
    private readonly ConnectionStates _states;
    private readonly ILedger _ledger;
    private readonly VaultTokenIndex _saved;
    private readonly TimeProvider _time;
    private readonly IConnectionSource? _source;

    internal StatusReader(
        ConnectionDirectory directory,
        ConnectionReloader news,
        ConnectionStates states,
        ILedger ledger,
        VaultTokenIndex saved,
        TimeProvider time,
        IConnectionSource? source = null
    )
    {
        (_directory, _news, _states, _ledger, _saved, _time, _source) = (
            directory,
            news,
            states,
            ledger,
            saved,
            time,
            source
        );
    }

    /// <summary>Every connection that is known, by vendor and name.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<Connection>> ListAsync(CancellationToken cancellationToken)
    {
        await _news.EnsureKnownAsync(Patience, cancellationToken);
        return [.. _directory.Vendors.SelectMany(_directory.Of)];
    }

    /// <summary>How every connection is.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<StatusReport> ReadAsync(CancellationToken cancellationToken)
    {
        var targets = await ListAsync(cancellationToken);
        var entries = await _ledger.ReadAllAsync([.. targets.Select(target => target.Key)], cancellationToken);
        var unknown = targets.Where(target => IsUnknown(entries[target.Key]) && _states.Find(target)?.Current is null);
        var saved = await _saved.FindAsync([.. unknown.Select(target => target)], cancellationToken);
        var now = _time.GetUtcNow();
        return new StatusReport(
            now,
            [
                .. targets.Select(target =>
                    StatusRules.Judge(
                        target,
                        entries[target.Key],
                        _states.Find(target),
                        saved.GetValueOrDefault(target.Key),
                        now
                    )
                ),
            ],
            _source?.Unreadable ?? []
        );
    }

    /// <summary>Nothing is on record, or a success by a version that did not note its token. A failure says that there is nothing to look for.</summary>
    private static bool IsUnknown(LedgerEntry entry) =>
        entry is { Token: null, SignedOutAt: null } && (entry.LastSuccess is not null || entry.LastFailure is null);
}
