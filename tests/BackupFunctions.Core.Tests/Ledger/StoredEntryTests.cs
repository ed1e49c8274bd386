using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Alerts;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Status;
using BackupFunctions.Storage;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Web;

namespace BackupFunctions.Core.Tests.Ledger;

/// <summary>A record is read, whatever its blob has become.</summary>
public sealed class StoredEntryTests
{
    private static readonly DateTimeOffset Noon = TestTime.Noon;
    private static readonly LedgerEntry Full = LedgerTransitionTests.Full;

    private static readonly string[] HostileValues =
    [
        "null",
        "true",
        "-1",
        "9223372036854775807",
        "1e308",
        "\"\"",
        "\"?\"",
        "\"\\ud800\"",
        "\"9999-12-31T23:59:59.9999999+00:00\"",
        "\"9999-12-31T23:59:59-14:00\"",
        "\"0001-01-01T00:00:00+14:00\"",
        "\"10675199.02:48:05\"",
        "[]",
        "[null]",
        "{}",
        "{\"kind\":\"?\"}",
        "[[[[[[[[{}]]]]]]]]",
    ];

    [Fact]
    public void What_is_written_is_read_and_nothing_of_it_is_ignored()
    {
        var (read, ignored) = StoredEntry.Read(LedgerJson.Write(Full).ToMemory(), Noon);

        Assert.Empty(ignored);
        Assert.Equivalent(Full, read, strict: true);
    }

    [Fact]
    public void A_mutated_record_is_read_without_what_was_mutated_and_serves_everything_that_reads_it()
    {
        var random = new SeededRandom(20261122);
        for (var i = 0; i < 3000; i++)
        {
            var content = MutateMember(random, out var member);

            var (read, _) = StoredEntry.Read(content, Noon);

            if (member != "refusals")
            {
                Assert.Equal(Full.Refusals, read.Refusals);
            }

            Serve(read);
        }
    }

    [Fact]
    public void A_record_of_damaged_bytes_is_read_as_far_as_it_goes()
    {
        var random = new SeededRandom(20261123);
        var written = LedgerJson.Write(Full).ToArray();
        for (var i = 0; i < 3000; i++)
        {
            byte[] content = [.. written];
            for (var damage = random.NextDouble() * 4; damage > 0; damage--)
            {
                content[(int)(random.NextDouble() * content.Length)] = (byte)(random.NextDouble() * 256);
            }

            content = random.NextDouble() < 0.5 ? content : content[..(int)(random.NextDouble() * content.Length)];

            Serve(StoredEntry.Read(content, Noon).Entry);
        }
    }

    [Fact]
    public void Refusals_before_the_damage_are_kept()
    {
        var written = LedgerJson.Write(Full).ToString();
        var afterRefusals = written.IndexOf("\"rejected\"", StringComparison.Ordinal);

        var (read, ignored) = StoredEntry.Read(Encoding.UTF8.GetBytes(written[..afterRefusals] + "\0"), Noon);

        Assert.Equal(Full.Refusals, read.Refusals);
        Assert.Equal(["what is no JSON"], ignored);
    }

    [Theory]
    [InlineData(24, 1)]
    [InlineData(25, 0)]
    public void A_clock_that_is_up_to_a_day_ahead_is_believed(int hoursAhead, int refusals)
    {
        var ahead = new LedgerEntry { Refusals = [Noon.AddHours(hoursAhead)] };

        Assert.Equal(refusals, StoredEntry.Read(LedgerJson.Write(ahead).ToMemory(), Noon).Entry.Refusals.Count);
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void A_wait_that_this_app_does_not_record_is_ignored(int minutes, bool counts)
    {
        var waiting = new LedgerEntry { LastFailureAt = Noon.AddMinutes(-1), NextAttempt = Noon.AddMinutes(minutes) };

        var read = StoredEntry.Read(LedgerJson.Write(waiting).ToMemory(), Noon).Entry;

        Assert.Equal(counts, read.NextAttempt is not null);
        Assert.True(StoredEntry.LongestWait >= SignInPolicy.RefusalHold);
        Assert.True(StoredEntry.LongestWait >= RequestTrace.LongestRetryAfter);
    }

    /// <summary>Changes one member, at some depth, or adds it once more.</summary>
    private static byte[] MutateMember(SeededRandom random, out string member)
    {
        var json = JsonNode.Parse(LedgerJson.Write(Full).ToString())!.AsObject();
        member = Pick(random, [.. json.Select(one => one.Key)]);
        const string Mark = "\"mutated\"";
        switch ((int)(random.NextDouble() * 4))
        {
            case 0:
                json.Remove(member);
                break;
            case 1 when json[member] is JsonObject parts:
                parts[Pick(random, [.. parts.Select(one => one.Key)])] = "mutated";
                break;
            case 2 when json[member] is JsonArray items:
                items.Insert((int)(random.NextDouble() * items.Count), "mutated");
                break;
            case 3:
                return Encoding.UTF8.GetBytes(
                    $"{json.ToJsonString()[..^1]},\"{member}\":{Pick(random, HostileValues)}}}"
                );
            default:
                json[member] = "mutated";
                break;
        }

        return Encoding.UTF8.GetBytes(
            json.ToJsonString().Replace(Mark, Pick(random, HostileValues), StringComparison.Ordinal)
        );
    }

    private static string Pick(SeededRandom random, string[] among) => among[(int)(random.NextDouble() * among.Length)];

    /// <summary>Does with a record what is done with records; what is written of it is whole again.</summary>
    private static void Serve(LedgerEntry entry)
    {
        var connection = FakeConnection.Named("default", new FakeVendor(new TestTime(), true).Profile);
        var failure = new TokenFailure(FailureKind.CredentialsRefused, "It was refused.");
        var status = StatusRules.StatusOf(connection, entry, state: null, saved: null, Noon);
        var decision = SignInPolicy.Decide(entry, Noon, new SignInRequest { RotatesRefreshTokens = true });
        var step = AlertRules.NextStep(entry, TimeSpan.FromMinutes(10), silentUntil: null, Noon);
        LedgerEntry[] next =
        [
            entry,
            entry.MergedWith(Full),
            Full.MergedWith(entry),
            entry.AfterSignOut(Noon),
            entry.AfterFailure(new FailedAttempt(connection.Key, failure), new AttemptRefusals([], 1), Noon),
            entry.AfterSuccess(new GrantedToken(Full.Token!, ByOperator: true), new AttemptRefusals([], 0), Noon),
        ];

        Assert.NotEmpty(status.Summary);
        Assert.NotNull(StatusReply.Of(new StatusReport(Noon, [status], [], [])));
        if (decision.Verdict != SignInVerdict.Allowed)
        {
            Assert.NotEmpty(SkippedAttempts.For(decision, connection, entry, Noon).Failure.Detail);
        }

        if (step is { } alert)
        {
            var one = new DueConnection(connection.Key, entry, alert.Action);
            var group = GroupRules.Joined(group: null, [one.Member], entry.LastFailure?.Detail ?? "", Noon);
            Assert.NotEmpty(AlertMessage.Of(one.Cause, group, app: null, Noon).Text);
        }

        Assert.All(next, one => Assert.Empty(StoredEntry.Read(LedgerJson.Write(one).ToMemory(), Noon).Ignored));
    }
}
