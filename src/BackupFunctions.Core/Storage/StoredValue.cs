using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using BackupFunctions.Credentials;
using BackupFunctions.History;
using BackupFunctions.Json;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;

namespace BackupFunctions.Storage;

/// <summary>
/// One value of a stored record, read as what it should be. What is not of its kind, or cannot be true, is null.
/// </summary>
/// <param name="json">The value.</param>
/// <param name="now">The instant of reading: nothing has happened after it.</param>
internal readonly struct StoredValue(JsonElement json, DateTimeOffset now)
{
    /// <summary>How far the clock of the process that wrote may be ahead of ours.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    private const int LongestText = 4000;
    private const int LongestFingerprint = 64;
    private const int MostFailures = 1_000_000;
    private const int StepSeconds = 30;
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(366);
    private static readonly FrozenDictionary<string, FailureKind> Kinds = Enum.GetValues<FailureKind>()
        .ToFrozenDictionary(kind => kind.ToString(), StringComparer.Ordinal);

    private DateTimeOffset Latest => now + ClockTolerance;

    /// <summary>Any instant.</summary>
    public DateTimeOffset? Instant =>
        json.ValueKind == JsonValueKind.String && json.TryGetDateTimeOffset(out var instant) ? instant : null;

    /// <summary>An instant at which something happened.</summary>
    public DateTimeOffset? Past => Instant is { } instant && instant <= Latest ? instant : null;

    /// <summary>When an operator signed out: that it happened counts, whatever is wrong with the instant.</summary>
    public DateTimeOffset? SignOut => Past ?? (json.ValueKind == JsonValueKind.String ? now : null);

    /// <summary>How many attempts failed.</summary>
    public int? Count => Number is >= 0 and <= MostFailures and var count ? (int)count : null;

    /// <summary>A time step of RFC 6238.</summary>
    public long? Step =>
        Number is { } step && step >= 0 && step <= Latest.ToUnixTimeSeconds() / StepSeconds ? step : null;

    /// <summary>A text that is not empty.</summary>
    public string? Text => TextUpTo(LongestText);

    /// <summary>Names a token.</summary>
    public string? TokenName => TextUpTo(LongestFingerprint);

    /// <summary>The versions of some credentials.</summary>
    public string? Versions => Text is { } text && CredentialVersions.Parse(text).Count > 0 ? text : null;

    /// <summary>What is known of a token.</summary>
    public TokenMetadata? Token =>
        Member("fingerprint").TokenName is { } name
        && Member("issuedAt").Past is { } issuedAt
        && Member("expiresAt").Instant is { } expiresAt
        && expiresAt > issuedAt
        && expiresAt - issuedAt <= LongestLifetime
            ? new TokenMetadata(name, issuedAt, expiresAt)
            : null;

    /// <summary>An incident: it has a name and a beginning, or it is none.</summary>
    public Incident? Incident =>
        Member("id").Text is { } id && Member("since").Past is { } since
            ? new Incident
            {
                Id = id,
                Since = since,
                ToldAt = Member("toldAt").Past,
                EndedAt = Member("endedAt").Past,
                Group = Member("group").Text,
            }
            : null;

    /// <summary>What happened lately: as much of it as can be read.</summary>
    public ConnectionHistory? History => json.ValueKind == JsonValueKind.Object ? HistoryText.Read(json, Latest) : null;

    /// <summary>
    /// Why an attempt failed: that it did counts, whatever is wrong with the reason. A kind of a later version is
    /// waited for like any failure.
    /// </summary>
    public TokenFailure Failure
    {
        get
        {
            var kind =
                Member("kind").Text is { } name && Kinds.TryGetValue(name, out var known)
                    ? known
                    : FailureKind.BackingOff;

            // Earlier versions stored the problem and the remedy as one text.
            var problem = Member("problem").Text ?? Member("detail").Text;
            return new TokenFailure(kind, problem ?? "The record does not say why the last attempt failed.")
            {
                Remedy = Member("remedy").Text,
                OAuthError = Member("oAuthError").Text,
                HttpStatus = Member("httpStatus").Number is >= 100 and <= 599 and var status ? (int)status : null,
                RetryAfter = Member("retryAfter").Duration,
                WasNotTried = Member("wasNotTried").IsTrue,
                MayHaveReachedVendor = Member("mayHaveReachedVendor").IsTrue,
            };
        }
    }

    /// <summary>Whether the value is a failure of a kind that this version knows.</summary>
    public bool IsKnownFailure => Member("kind").Text is { } name && Kinds.ContainsKey(name);

    private long? Number => json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var number) ? number : null;

    private bool IsTrue => json.ValueKind == JsonValueKind.True;

    private TimeSpan? Duration =>
        Text is { } text
        && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration)
        && duration >= TimeSpan.Zero
        && duration <= ClockTolerance
            ? duration
            : null;

    private StoredValue Member(string name) => new(((JsonElement?)json).Member(name) ?? default, now);

    private string? TextUpTo(int longest)
    {
        if (json.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return json.GetString() is { Length: > 0 } text && text.Length <= longest ? text : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, or bytes that are no UTF-8: JSON by its grammar, but no text (RFC 8259 section 8.2).
            return null;
        }
    }
}
