using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;

namespace BackupFunctions.Storage;

/// <content>Looks at the entries of all connections.</content>
internal sealed partial class BlobLedger
{
    /// <summary>Who looks at all entries sees what other processes changed so long ago.</summary>
    public static readonly TimeSpan ListedFor = TimeSpan.FromSeconds(5);

    /// <summary>How many blobs are read at once by who looks at all of them.</summary>
    private const int ReadsAtOnce = 32;

    private readonly ConcurrentDictionary<ConnectionKey, ETag?> _seen = new();
    private long? _listedAt;

    /// <summary>Lets one at a time look at all entries.</summary>
    private SemaphoreSlim Listing { get; } = new(1, 1);

    /// <inheritdoc/>
    public async IAsyncEnumerable<(ConnectionKey Key, LedgerEntry Entry)> ReadChangedAsync(
        Func<ConnectionKey, bool> isWanted,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var key in _known.Unsaved)
        {
            // What was noted while storage was away: the others must not wait until somebody happens to ask for it
            // here.
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
        bool isShared;
        await Listing.WaitAsync(cancellationToken);
        try
        {
            if (!(_listedAt is { } at && time.GetElapsedTime(at) < ListedFor))
            {
                await ReadNewVersionsAsync(keys.ToHashSet(), cancellationToken);
            }

            isShared = _listedAt is not null;
        }
        finally
        {
            Listing.Release();
        }

        return keys.ToDictionary(key => key, key => Known(key, isShared));
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

    /// <summary>
    /// The entries in storage that somebody wants, by their name and version; null if storage could not be used.
    /// </summary>
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

    /// <summary>
    /// Reads an entry for nobody's decision: what somebody else read or wrote meanwhile is not replaced by it.
    /// </summary>
    private async Task LearnAsync(ConnectionKey key, CancellationToken cancellationToken)
    {
        var before = _known.Find(key);
        _known.RememberUnlessChanged(key, await ReadStoredAsync(key, cancellationToken), since: before);
    }
}
