using System.Collections.Frozen;
using System.Text.Json;
using BackupFunctions.Json;
using BackupFunctions.Ledger;

namespace BackupFunctions.Storage;

/// <summary>
/// Reads an entry of the ledger from its blob, whatever stands in it. Each member that is malformed or cannot be true
/// is ignored by itself; the rest counts, above all the refusals. It never throws.
/// </summary>
internal static class StoredEntry
{
    /// <summary>
    /// The longest wait that this app records: the hold of refused credentials, or what a vendor asks for.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Many more than operators and processes without storage cause in an hour.</summary>
    private const int MostRefusals = 100;

    private const string Refusals = "refusals";
    private const string Rejected = "rejected";

    private static readonly FrozenDictionary<string, Func<LedgerEntry, StoredValue, LedgerEntry?>> Members =
        new Dictionary<string, Func<LedgerEntry, StoredValue, LedgerEntry?>>(StringComparer.Ordinal)
        {
            ["lastSuccess"] = Value(read => read.Past, (entry, at) => entry with { LastSuccess = at }),
            ["token"] = Reference(read => read.Token, (entry, token) => entry with { Token = token }),
            ["credentialExpiresAt"] = Value(
                read => read.Instant,
                (entry, at) => entry with { CredentialExpiresAt = at }
            ),
            ["lastFailure"] = Reference(read => read.Failure, (entry, why) => entry with { LastFailure = why }),
            ["lastFailureAt"] = Value(read => read.Past, (entry, at) => entry with { LastFailureAt = at }),
            ["failuresInRow"] = Value(read => read.Count, (entry, count) => entry with { FailuresInRow = count }),
            ["nextAttempt"] = Value(read => read.Instant, (entry, at) => entry with { NextAttempt = at }),
            ["credentialVersion"] = Reference(
                read => read.Versions,
                (entry, used) => entry with { CredentialVersion = used }
            ),
            ["refusedCredentialVersion"] = Reference(
                read => read.Versions,
                (entry, refused) => entry with { RefusedCredentialVersion = refused }
            ),
            ["doubtfulRefreshToken"] = Reference(
                read => read.TokenName,
                (entry, name) => entry with { DoubtfulRefreshToken = name }
            ),
            ["deadRefreshToken"] = Reference(
                read => read.TokenName,
                (entry, name) => entry with { DeadRefreshToken = name }
            ),
            ["spentRefreshToken"] = Reference(
                read => read.TokenName,
                (entry, name) => entry with { SpentRefreshToken = name }
            ),
            ["unsavedSeenAt"] = Value(read => read.Past, (entry, at) => entry with { UnsavedSeenAt = at }),
            ["signedOutAt"] = Value(read => read.SignOut, (entry, at) => entry with { SignedOutAt = at }),
            ["signedInAt"] = Value(read => read.Past, (entry, at) => entry with { SignedInAt = at }),
            ["oneTimeCodeStep"] = Value(read => read.Step, (entry, step) => entry with { OneTimeCodeStep = step }),
            ["incident"] = Reference(read => read.Incident, (entry, incident) => entry with { Incident = incident }),
            ["history"] = Reference(read => read.History, (entry, history) => entry with { History = history }),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Reads an entry.</summary>
    /// <param name="content">The content of the blob.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>The entry, and the names of what was ignored: of this version's members only.</returns>
    public static (LedgerEntry Entry, IReadOnlyCollection<string> Ignored) Read(
        ReadOnlyMemory<byte> content,
        DateTimeOffset now
    )
    {
        var entry = LedgerEntry.Empty;
        var (refusals, rejected, ignored) = (new List<DateTimeOffset>(), new List<string>(), new SortedSet<string>());
        var (members, isWhole) = StoredJson.Read(LenientJson.Utf8(content).Span);
        foreach (var (name, json) in members.Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            var value = new StoredValue(json, now);
            var isRead = name switch
            {
                Refusals => TryAdd(refusals, value.Past),
                Rejected => TryAdd(rejected, value.TokenName),
                _ => !Members.TryGetValue(name, out var with) || TryTake(ref entry, with(entry, value)),
            };
            if (!isRead || (name == "lastFailure" && !value.IsKnownFailure))
            {
                ignored.Add(name);
            }
        }

        if (!isWhole)
        {
            ignored.Add("what is no JSON");
        }

        var latest = entry.LastFailureAt > now ? entry.LastFailureAt.Value : now;
        if (entry.NextAttempt > latest + LongestWait)
        {
            entry = entry with { NextAttempt = null };
            ignored.Add("nextAttempt");
        }

        entry = entry with
        {
            Refusals = [.. refusals.Order().TakeLast(MostRefusals)],
            Rejected = [.. rejected.Distinct(StringComparer.Ordinal).TakeLast(LedgerEntry.RejectedKept)],
        };
        return (entry, ignored);
    }

    private static Func<LedgerEntry, StoredValue, LedgerEntry?> Value<T>(
        Func<StoredValue, T?> read,
        Func<LedgerEntry, T, LedgerEntry> with
    )
        where T : struct => (entry, json) => read(json) is { } value ? with(entry, value) : null;

    private static Func<LedgerEntry, StoredValue, LedgerEntry?> Reference<T>(
        Func<StoredValue, T?> read,
        Func<LedgerEntry, T, LedgerEntry> with
    )
        where T : class => (entry, json) => read(json) is { } value ? with(entry, value) : null;

    private static bool TryTake(ref LedgerEntry entry, LedgerEntry? changed)
    {
        entry = changed ?? entry;
        return changed is not null;
    }

    private static bool TryAdd<T>(List<T> list, T? value)
        where T : struct
    {
        if (value is { } present)
        {
            list.Add(present);
        }

        return value is not null;
    }

    private static bool TryAdd(List<string> list, string? value)
    {
        if (value is not null)
        {
            list.Add(value);
        }

        return value is not null;
    }
}
