using Azure;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage;

/// <summary>
/// The ledger that all processes share and that survives them. While its storage is away each process goes on with what
/// it knows; what it learned meanwhile is merged with what the others wrote as soon as storage is back.
/// </summary>
internal sealed partial class BlobLedger(LedgerBlobs blobs, TimeProvider time, ILogger<BlobLedger> logger) : ILedger
{
    /// <summary>The container with the entries.</summary>
    public const string ContainerName = "backupfunctions-ledger";

    /// <summary>
    /// How old an entry may be where the newest is not asked for: callers who are told to wait do not cost a request
    /// each.
    /// </summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    /// <summary>After storage failed, it is not asked for this long: callers would only be slowed down.</summary>
    public static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(10);

    /// <summary>The time for one read or change with all the client's retries.</summary>
    public static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(8);

    private const int MostTries = 5;

    private readonly LedgerCache _known = new();
    private readonly StorageBreaker _outage = new(OutagePause, time);

    /// <inheritdoc/>
    public async ValueTask<LedgerEntry> ReadAsync(ConnectionKey key, bool newest, CancellationToken cancellationToken)
    {
        var known = _known.Find(key);
        var isShared = true;
        if (known is { IsUnsaved: true })
        {
            isShared = await TryUpdateAsync(key, static entry => entry, cancellationToken);
        }
        else if (known is null || newest || time.GetElapsedTime(known.ReadAt) >= FreshFor)
        {
            isShared = await AskAsync(
                key,
                async ended => _known.Remember(key, await ReadStoredAsync(key, ended)),
                cancellationToken
            );
        }

        return Known(key, isShared);
    }

    /// <inheritdoc/>
    public async ValueTask UpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    )
    {
        if (!await TryUpdateAsync(key, change, cancellationToken))
        {
            _known.Note(key, change, time.GetTimestamp());
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryUpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    ) => await AskAsync(key, ended => ChangeStoredAsync(key, change, ended), cancellationToken);

    private LedgerEntry Known(ConnectionKey key, bool isShared) =>
        isShared ? _known.EntryOf(key) : _known.EntryOf(key) with { IsAlone = true };

    private async Task ChangeStoredAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    )
    {
        var known = _known.Find(key);
        var stored = known is { IsUnsaved: false } ? known : await ReadStoredAsync(key, cancellationToken);
        for (var tries = 1; ; tries++)
        {
            var entry = change(known is { IsUnsaved: true } ? stored.Entry.MergedWith(known.Entry) : stored.Entry);
            if (ReferenceEquals(entry, stored.Entry))
            {
                _known.Remember(key, stored, merged: known);
                return;
            }

            if (await blobs.TryWriteAsync(key, entry, stored.Version, cancellationToken) is { } version)
            {
                _known.Remember(
                    key,
                    new CachedEntry(entry, version, time.GetTimestamp(), IsUnsaved: false),
                    merged: known
                );
                return;
            }

            if (tries == MostTries)
            {
                throw new RequestFailedException("Other processes were faster each time.");
            }

            stored = await ReadStoredAsync(key, cancellationToken);
        }
    }

    private async Task<CachedEntry> ReadStoredAsync(ConnectionKey key, CancellationToken cancellationToken)
    {
        var (entry, version) = await blobs.ReadAsync(key, time.GetUtcNow(), cancellationToken);
        return new CachedEntry(entry, version, time.GetTimestamp(), IsUnsaved: false);
    }

    /// <returns>False if storage could not be used.</returns>
    private async Task<bool> AskAsync(
        ConnectionKey? key,
        Func<CancellationToken, Task> ask,
        CancellationToken cancellationToken
    )
    {
        if (_outage.Left is not null)
        {
            return false;
        }

        using var timeout = new CancellationTokenSource(AskTimeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await ask(ended.Token);
            _outage.End();
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: what clients and credentials throw is no closed set, and no token is withheld for a
            // record's sake.
            _outage.Begin();
            StorageLog.LedgerAway(
                logger,
                key?.ToString() ?? "any connection",
                StorageErrors.Describe(exception),
                OutagePause.TotalSeconds
            );
            return false;
        }
    }
}
