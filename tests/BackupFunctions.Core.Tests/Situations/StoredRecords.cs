using System.Globalization;
using System.Text;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Status;
using BackupFunctions.Storage;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>
/// What may stand in a connection's blob of the ledger, put there by another version, a tool or a hand. The clock shows
/// noon. Nothing makes a caller, an operator or the status of any connection fail unexpectedly; the operator's renewal
/// repairs the blob.
/// </summary>
internal static class StoredRecords
{
    private const string Ours = "under attack: real processes";
    private const string Sibling = "sibling of an entry without refusals";
    private const string Hour =
        """ "refusals": ["2026-11-22T11:30:00Z", "2026-11-22T11:31:00Z", "2026-11-22T11:32:00Z"] """;

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Row(Ours, "{}", "token; healthy; 0 refusals"),
        Row(Ours, """{"refusals": null, "rejected": null}""", "token; healthy; 0 refusals"),
        Row(Ours, """{"failuresInRow": 0}""", "token; healthy; 0 refusals"),
        Row(
            Ours,
            """{"lastFailure": {"kind": "VendorUnavailable", "detail": "Down."}, "nextAttempt": "2099-01-01T00:00:00Z"}""",
            "token; healthy; 0 refusals"
        ),
        Row(
            Ours,
            """{"refusals": ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"]}""",
            "token; healthy; 0 refusals"
        ),
        Row(
            Ours,
            """{"refusals": ["9999-12-31T23:59:59Z", "2026-11-22T11:30:00Z", 7, "2026-11-22T11:31:00Z", null, "2026-11-22T11:32:00Z"]}""",
            "BackingOff; backing-off; 3 refusals"
        ),
        Row(
            Ours,
            $$"""{"lastFailure": {"kind": "CredentialsRefused", "detail": "No."}, "nextAttempt": "2026-11-22T12:30:00Z", "refusedCredentialVersion": "no version at all", {{Hour}}}""",
            "CredentialsRefused; refused; 3 refusals"
        ),
        Row(
            Ours,
            """{"lastFailure": {"kind": "CredentialsRefused", "detail": "No."}, "nextAttempt": "2026-11-22T12:30:00Z", "refusedCredentialVersion": "fake-default-client-secret=v0;fake-default-client-secret=v1"}""",
            "CredentialsRefused; refused; 0 refusals"
        ),
        Row(
            Ours,
            """{"lastFailure": {"kind": "VendorUnavailable", "detail": null}, "nextAttempt": "2026-11-22T12:00:20Z"}""",
            "BackingOff; backing-off; 0 refusals"
        ),
        Row(
            Ours,
            """{"lastFailure": {"kind": "AKindOfALaterVersion", "problem": "?"}, "nextAttempt": "2026-11-22T12:00:20Z"}""",
            "BackingOff; backing-off; 0 refusals"
        ),
        Row(
            "sibling of an unknown kind",
            """{"lastFailure": {"problem": "No kind."}, "nextAttempt": "2026-11-22T12:00:20Z"}""",
            "BackingOff; backing-off; 0 refusals"
        ),
        Row(
            "sibling of an unknown kind",
            """{"lastFailure": {"kind": 3, "problem": "A number."}, "nextAttempt": "2026-11-22T12:00:20Z"}""",
            "BackingOff; backing-off; 0 refusals"
        ),
        Row(
            "sibling of an unknown kind",
            """{"lastFailure": "in words", "nextAttempt": "2026-11-22T12:00:20Z"}""",
            "BackingOff; backing-off; 0 refusals"
        ),
        Row(Ours, "", "token; healthy; 0 refusals"),
        Row(Ours, "null", "token; healthy; 0 refusals"),
        Row(Ours, "[]", "token; healthy; 0 refusals"),
        Row(Ours, "\"a text\"", "token; healthy; 0 refusals"),
        Row(Ours, "no JSON at all", "token; healthy; 0 refusals"),
        Row(Ours, $$"""{ {{Hour}}, "rejected": ["00112233""", "BackingOff; backing-off; 3 refusals"),
        Row("sibling of a truncated blob", $$"""{ {{Hour}} } trailing""", "BackingOff; backing-off; 3 refusals"),
        Row(
            "sibling of a truncated blob",
            $$"""{ {{Hour.Trim().TrimEnd(']')}}""",
            "BackingOff; backing-off; 3 refusals"
        ),
        Row(
            "sibling of a byte order mark before JSON",
            $$"""{{'\uFEFF'}}{ {{Hour}} }""",
            "BackingOff; backing-off; 3 refusals"
        ),
        Row(
            "RFC 8259 section 4: names should be unique",
            $$"""{ {{Hour}}, "refusals": [] }""",
            "BackingOff; backing-off; 3 refusals"
        ),
        Row(
            "RFC 8259 section 8.2: a lone surrogate",
            $$"""{"credentialVersion": "\ud800", {{Hour}} }""",
            "BackingOff; backing-off; 3 refusals"
        ),
        Row(
            "RFC 8259 section 8.2: a lone surrogate",
            $$"""{"lastFailure": {"\ud800": 1, "kind": "VendorUnavailable"}, {{Hour}} }""",
            "BackingOff; backing-off; 3 refusals"
        ),
        Row(
            Sibling,
            $$"""{"failuresInRow": -3, "oneTimeCodeStep": 9223372036854775807, {{Hour}} }""",
            "BackingOff; backing-off; 3 refusals"
        ),
        Row(
            Sibling,
            $$"""{"failuresInRow": 1e308, "lastSuccess": 17, "token": [], "incident": "?", {{Hour}} }""",
            "BackingOff; backing-off; 3 refusals"
        ),
        Row(
            Sibling,
            """{"token": {"fingerprint": "0123456789abcdef", "issuedAt": "2026-11-22T11:00:00Z", "expiresAt": "9999-12-31T23:59:59Z"}}""",
            "token; healthy; 0 refusals"
        ),
        Row(
            Sibling,
            """{"incident": {"id": null, "since": null}, "unsavedSeenAt": {}}""",
            "token; healthy; 0 refusals"
        ),
        Row(
            "sibling of refusals in 9999",
            """{"signedOutAt": "9999-12-31T23:59:59Z"}""",
            "SignedOut; signed-out; 0 refusals"
        ),
        Row("sibling of refusals in 9999", """{"signedOutAt": "yesterday"}""", "SignedOut; signed-out; 0 refusals"),
        Row("sibling of refusals in 9999", """{"signedOutAt": false}""", "token; healthy; 0 refusals"),
        new(Ours, "a binary blob", "token; healthy; 0 refusals", () =>
            TryAsync([.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 31))])
        ),
        new(Ours, "a blob of 3 MB", "token; healthy; 0 refusals", () =>
            TryAsync(Encoding.UTF8.GetBytes($$"""{ {{Hour}}, "x": "{{new string('x', 3_000_000)}}" }"""))
        ),
        new("sibling of a blob of 3 MB", "a blob with 30,000 refusals", "BackingOff; backing-off; 100 refusals", () =>
            TryAsync(
                Encoding.UTF8.GetBytes(
                    $$"""{"refusals": [{{string.Join(',', Enumerable.Repeat("\"2026-11-22T11:30:00Z\"", 30_000))}}]}"""
                )
            )
        ),
        new("sibling of a blob of 3 MB", "a blob of 500,000 brackets", "token; healthy; 0 refusals", () =>
            TryAsync([.. Enumerable.Repeat((byte)'[', 500_000)])
        ),
    ];

    private static Situation Row(string source, string content, string right) =>
        new(source, content.Length == 0 ? "an empty blob" : content, right, () =>
            TryAsync(Encoding.UTF8.GetBytes(content))
        );

    /// <summary>What a caller gets, what the status is then, and how many refusals are remembered.</summary>
    private static async Task<string> TryAsync(byte[] content)
    {
        var world = new TokenWorld(furtherConnections: "other");
        var container = new FakeLedgerContainer();
        container.Put(world.Connection.Key, content);
        var process = Start();
        var known = (await process.EntryAsync()).Refusals.Count;
        var outcome = await Record.ExceptionAsync(process.GetAsync) switch
        {
            null => "token",
            TokenException { Failure.Kind: var kind } => kind.ToString(),
            { } fault => fault.ToString(),
        };
        var all = (await Start().Status.ReadAsync(CancellationToken.None)).Connections;
        Assert.Equal(2, all.Count);
        var health = all.Single(one => one.Connection == world.Connection).Health;

        await process.RefreshNowAsync();
        Assert.Empty(StoredEntry.Read(container.Get(world.Connection.Key), world.Now).Ignored);
        Assert.NotNull(await Start().GetAsync());
        return $"{outcome}; {HealthName.Of(health)}; {known.ToString(CultureInfo.InvariantCulture)} refusals";

        TokenProcess Start() =>
            world.StartProcess(
                ledger: new BlobLedger(
                    new LedgerBlobs(container, NullLogger.Instance),
                    world.Time,
                    NullLogger<BlobLedger>.Instance
                )
            );
    }
}
