using System.Collections.Concurrent;
using Azure;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;

namespace BackupFunctions.Storage;

/// <summary>
/// What this process knows of the ledger: what it read or wrote last, and what it noted while storage was away.
/// Thread-safe.
/// </summary>
internal sealed class LedgerCache
{
    private readonly ConcurrentDictionary<ConnectionKey, CachedEntry> _entries = new();

    /// <summary>
    /// The entries with something that is not in storage yet, by name: in the same order in every process.
    /// </summary>
    public IReadOnlyList<ConnectionKey> Unsaved =>
        [
            .. _entries
                .Where(known => known.Value.IsUnsaved)
                .Select(known => known.Key)
                .OrderBy(key => key.ToString(), StringComparer.Ordinal),
        ];

    public CachedEntry? Find(ConnectionKey key) => _entries.GetValueOrDefault(key);

    /// <summary>The entry, an empty one if nothing is known.</summary>
    public LedgerEntry EntryOf(ConnectionKey key) => Find(key)?.Entry ?? LedgerEntry.Empty;

    /// <summary>
    /// Remembers what storage has, unless somebody noted a change meanwhile that storage would not take: that one is
    /// still to be merged.
    /// </summary>
    /// <param name="key">Of which connection.</param>
    /// <param name="stored">What storage has.</param>
    /// <param name="merged">What it has from this process; null if nothing.</param>
    public void Remember(ConnectionKey key, CachedEntry stored, CachedEntry? merged = null) =>
        _entries.AddOrUpdate(
            key,
            static (_, of) => of.stored,
            static (_, now, of) => now.IsUnsaved && !ReferenceEquals(now, of.merged) ? now : of.stored,
            (stored, merged)
        );

    /// <summary>Remembers what storage has, unless anything was read or written since.</summary>
    public void RememberUnlessChanged(ConnectionKey key, CachedEntry stored, CachedEntry? since) =>
        _ = since is null ? _entries.TryAdd(key, stored) : _entries.TryUpdate(key, stored, since);

    /// <summary>Notes a change that storage did not take.</summary>
    public void Note(ConnectionKey key, Func<LedgerEntry, LedgerEntry> change, long now) =>
        _entries.AddOrUpdate(
            key,
            static (_, of) => new CachedEntry(of.change(LedgerEntry.Empty), null, of.now, IsUnsaved: true),
            static (_, known, of) => known with { Entry = of.change(known.Entry), IsUnsaved = true },
            (change, now)
        );
}

/// <summary>An entry as this process knows it.</summary>
/// <param name="Entry">What stands in it.</param>
/// <param name="Version">The version in storage; null if there is none.</param>
/// <param name="ReadAt">When it was read or written, a time stamp of the clock.</param>
/// <param name="IsUnsaved">Whether storage does not have all of it.</param>
internal sealed record CachedEntry(LedgerEntry Entry, ETag? Version, long ReadAt, bool IsUnsaved);
