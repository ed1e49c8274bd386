using System.Text.Json.Nodes;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.History;
using BackupFunctions.Ledger;
using BackupFunctions.Status;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Web.Histories;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Core.Tests.Web;

/// <summary>The status of thousands of connections does not need the memory of thousands of connections.</summary>
public sealed class HistoryReplyTests
{
    private const int Connections = 5_000;

    // The reply itself has 19: with this little it cannot have been in memory as a whole.
    private const int MostMegabytes = 15;
    private static readonly DateTimeOffset Noon = TestTime.Noon;

    [Fact]
    public async Task Five_thousand_connections_are_written_within_fifteen_megabytes()
    {
        var vendor = new FakeVendor(new TestTime()).Profile;
        var report = new StatusReport(
            Noon,
            [.. Enumerable.Range(0, Connections).Select(i => StatusOf(FakeConnection.Named($"c{i:d4}", vendor)))],
            [],
            []
        );
        var context = new DefaultHttpContext();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var body = new Measured(before);
        context.Response.Body = body;

        await new HistoryReply(report).ExecuteAsync(context);

        TestContext.Current.SendDiagnosticMessage(
            $"{body.Length / 1e6:f1} MB in pieces of {body.Largest / 1e3:f0} kB, {body.Growth / 1e6:f1} MB of memory"
        );
        Assert.InRange(body.Length, 5_000_000, 20_000_000);
        Assert.InRange(body.Largest, 1, 100_000);
        Assert.InRange(body.Growth, 0, MostMegabytes * 1_000_000);
    }

    [Fact]
    public async Task A_connection_is_written_whole_also_where_a_piece_ends()
    {
        var vendor = new FakeVendor(new TestTime()).Profile;
        var report = new StatusReport(
            Noon,
            [.. Enumerable.Range(0, 200).Select(i => StatusOf(FakeConnection.Named($"c{i:d4}", vendor)))],
            [],
            []
        );

        var answer = await Answer.OfAsync(new HistoryReply(report), new DefaultHttpContext());

        var names = answer.Json["connections"]!.AsArray().Select(one => (string?)one!["connection"]);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"c{i:d4}"), names);
        Assert.Equal(20, ((JsonArray)answer.Json["connections"]![199]!["history"]!["events"]!).Count);
    }

    /// <summary>A connection that failed all day, with as many events as there can be.</summary>
    private static ConnectionStatus StatusOf(Connection connection)
    {
        var history = ConnectionHistory.Empty;
        for (var quarter = 0; quarter < 24; quarter++)
        {
            history = history.With(
                new HistoryEvent(
                    Noon.AddMinutes((quarter - 24) * 15),
                    HistoryOutcome.Of(FailureKind.VendorUnavailable),
                    new Cause(CauseKind.Caller, $"{connection.Key.Connection}@contoso.com")
                )
            );
        }

        var entry = new LedgerEntry
        {
            LastFailure = new TokenFailure(FailureKind.VendorUnavailable, "It is down."),
            LastFailureAt = Noon,
            History = history,
        };
        return StatusRules.StatusOf(connection, entry, state: null, saved: null, Noon);
    }

    /// <summary>Counts what is written, and how much memory is in use meanwhile.</summary>
    private sealed class Measured(long before) : MemoryStream
    {
        private long _length;
        private int _writes;

        public override long Length => _length;

        public int Largest { get; private set; }

        public long Growth { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _length += buffer.Length;
            Largest = Math.Max(Largest, buffer.Length);
            if (++_writes % 25 == 0)
            {
                Growth = Math.Max(Growth, GC.GetTotalMemory(forceFullCollection: true) - before);
            }

            return ValueTask.CompletedTask;
        }
    }
}
