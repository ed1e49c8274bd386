using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage;

/// <summary>
/// The ledger that all processes share and that survives them. While its storage is away each process goes on with what it
/// knows; what it learned meanwhile is merged with what the others wrote as soon as storage is back.
/// </summary>
internal sealed class BlobLedger(LedgerBlobs blobs, TimeProvider time, ILogger<BlobLedger> logger) : ILedger
{
    /// <summary>The container with the entries.</summary>
    public const string ContainerName = "backupfunctions-ledger";

    /// <summary>How old an entry may be where the newest is not asked for: callers who are told to wait do not cost a request each.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    /// <summary>After storage failed, it is not asked for this long: callers would only be slowed down.</summary>
    public static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(10);

    /// <summary>The time for one read or change with all the client's retries.</summary>
    public static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(8);

    /// <summary>Who looks at all entries sees what other processes changed so long ago.</summary>
    public static readonly TimeSpan ListedFor = TimeSpan.FromSeconds(5);

    private const int MostTries = 5;

    /// <summary>How many blobs are read at once by who looks at all of them.</summary>
    private const int ReadsAtOnce = 32;

    private readonly LedgerCache _known = new();
    private readonly ConcurrentDictionary<ConnectionKey, ETag?> _seen = new();
    private readonly StorageBreaker _outage = new(OutagePause, time);
    private long? _listedAt;

    /// <summary>Lets one at a time look at all entries.</summary>
    private SemaphoreSlim Listing { get; } = new(1, 1);

    /// <inheritdoc/>
    public async ValueTask<LedgerEntry> ReadAsync(ConnectionKey key, bool newest, CancellationToken cancellationToken)
    {
        var known = _known.Find(key);
        if (known is { IsUnsaved: true })
        {
            await UpdateAsync(key, static entry => entry, cancellationToken);
        }
        else if (known is null || newest || time.GetElapsedTime(known.ReadAt) >= FreshFor)
        {
            await AskAsync(
                key,
                async ended => _known.Remember(key, await ReadStoredAsync(key, ended)),
                cancellationToken
            );
        }

        return _known.EntryOf(key);
    }

    /// <inheritdoc/>
    public async ValueTask UpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    )
    {
        if (!await AskAsync(key, ended => ChangeStoredAsync(key, change, ended), cancellationToken))
        {
            _known.Note(key, change, time.GetTimestamp());
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(ConnectionKey Key, LedgerEntry Entry)> ReadChangedAsync(
        Func<ConnectionKey, bool> isWanted,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var key in _known.Unsaved)
        {
            // What was noted while storage was away: the others must not wait until somebody happens to ask for it here.
            await UpdateAsync(key, static entry => entry, cancellationToken);
        }

        var changed = await ListAsync(
            (key, version) => isWanted(key) && _seen.GetValueOrDefault(key) != version,
            cancellationToken
        ) ?? [];
        foreach (var (key, version) in changed)
        {
            var before = _known.Find(key);
            yield return (key, await ReadAsync(key, newest: true, cancellationToken));
            if (_known.Find(key) is { IsUnsaved: false } known && !ReferenceEquals(known, before))
            {
                // If storage failed since it was listed, this was an older one, and the next look reads it again.
                _seen[key] = version;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Costs a list of the blobs, and one read for each that changed since it was last read.</remarks>
    public async ValueTask<IReadOnlyDictionary<ConnectionKey, LedgerEntry>> ReadAllAsync(
        IReadOnlyCollection<ConnectionKey> keys,
        CancellationToken cancellationToken
    )
    {
        // One at a time: whoever waits finds that the one before has read what there is to read.
        await Listing.WaitAsync(cancellationToken);
        try
        {
            if (!(_listedAt is { } at && time.GetElapsedTime(at) < ListedFor))
            {
                await ReadNewVersionsAsync(keys.ToHashSet(), cancellationToken);
            }
        }
        finally
        {
            Listing.Release();
        }

        return keys.ToDictionary(key => key, _known.EntryOf);
    }

    private async Task ReadNewVersionsAsync(HashSet<ConnectionKey> wanted, CancellationToken cancellationToken)
    {
        var listedAt = time.GetTimestamp();
        var changed = await ListAsync(
            (key, version) =>
                wanted.Contains(key)
                && !(_known.Find(key) is { } known && (known.IsUnsaved || known.Version == version)),
            cancellationToken
        );
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = ReadsAtOnce,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(changed ?? [], options, async (entry, token) =>
            await AskAsync(entry.Key, ended => LearnAsync(entry.Key, ended), token)
        );
        _listedAt = changed is null ? null : listedAt;
    }

    /// <summary>The entries in storage that somebody wants, by their name and version; null if storage could not be used.</summary>
    private async Task<List<(ConnectionKey Key, ETag? Version)>?> ListAsync(
        Func<ConnectionKey, ETag?, bool> isWanted,
        CancellationToken cancellationToken
    )
    {
        List<(ConnectionKey Key, ETag? Version)> found = [];
        var wasListed = await AskAsync(
            key: null,
            async ended =>
            {
                await foreach (var (key, version) in blobs.ListAsync(ended))
                {
                    if (isWanted(key, version))
                    {
                        found.Add((key, version));
                    }
                }
            },
            cancellationToken
        );
        return wasListed ? found : null;
    }

    /// <summary>Reads an entry for nobody's decision: what somebody else read or wrote meanwhile is not replaced by it.</summary>
    private async Task LearnAsync(ConnectionKey key, CancellationToken cancellationToken)
    {
        var before = _known.Find(key);
        _known.RememberUnlessChanged(key, await ReadStoredAsync(key, cancellationToken), since: before);
    }

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
        var (entry, version) = await blobs.ReadAsync(key, cancellationToken);
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
            // Whatever it is: what clients and credentials throw is no closed set, and no token is withheld for a record's sake.
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
