using BackupFunctions.Broker;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.History;
using BackupFunctions.Ledger;
using BackupFunctions.Storage;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Core.Tests.History;

/// <summary>What of a connection's life gets into its history, and what that costs.</summary>
public sealed class RecordedHistoryTests
{
    private readonly TokenWorld _world = new(rotatesRefreshTokens: true);
    private readonly FakeLedgerContainer _container = new();
    private int _writes;

    [Fact]
    public async Task Who_caused_what_is_on_record()
    {
        var process = _world.Process;
        await process.SweepAsync();
        _world.Advance(3590);
        await process.GetAsync(new TokenRequest { AskedBy = "flow" });
        _world.Advance(60);
        await process.Broker.RefreshNowAsync(_world.Connection, default, "ann");
        _world.Advance(60);
        await process.Broker.SignOutAsync(_world.Connection, default, "bob");
        _world.Advance(60);
        _world.Vendor.AcceptedCode = "123456";
        await Failing.With(FailureKind.CredentialsRefused, process.EnrolAsync("000000"));
        _world.Advance(60);
        await process.Broker.EnrolAsync(_world.Connection, new SecretText("123456"), default, "cyd");

        Assert.Equal(["rt", "rcflow", "rrann", "sxbob", "ce", "recyd"], await EventsAsync(process));
    }

    [Fact]
    public async Task A_mistyped_code_is_an_event_but_does_not_make_the_connection_look_broken()
    {
        await _world.Process.GetAsync();
        _world.Advance(900);
        _world.Vendor.AcceptedCode = "123456";
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.EnrolAsync("000000"));

        var day = (await _world.Process.EntryAsync()).History!.DayUntil(_world.Now, HistoryOutcome.Nothing);

        Assert.Equal([HistoryOutcome.Renewed, HistoryOutcome.Nothing], day[^2..]);
    }

    [Fact]
    public async Task A_failure_is_on_record_with_its_kind_and_the_renewal_that_ended_a_sign_out_too_late_is_not()
    {
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorThrottled, "It answered 429.");
        await Failing.With(FailureKind.VendorThrottled, _world.Process.GetAsync());
        var failed = await EventsAsync(_world.Process);
        _world.Vendor.Outage = null;
        await _world.Process.SignOutAsync();
        var signedOut = await _world.Process.EntryAsync();
        var token = new TokenMetadata("0123456789abcdef", _world.Now, _world.Now.AddHours(1));

        var after = signedOut.AfterSuccess(new GrantedToken(token, ByOperator: false), new([], 0), _world.Now);

        Assert.Equal(["tc"], failed);
        Assert.Same(signedOut.History, after.History);
    }

    [Fact]
    public async Task A_warm_hit_leaves_the_record_alone()
    {
        await _world.Process.GetAsync();
        var before = await _world.Process.EntryAsync();
        for (var i = 0; i < 100; i++)
        {
            await _world.Process.GetAsync(new TokenRequest { AskedBy = "flow" });
        }

        Assert.Same(before, await _world.Process.EntryAsync());
    }

    [Fact]
    public async Task History_costs_no_write_to_storage_and_none_to_the_vault()
    {
        var process = StartOverBlobs();
        Assert.Equal(0, _writes);
        await process.GetAsync();
        Assert.Equal(1, _writes);
        await process.GetAsync();
        Assert.Equal(1, _writes);
        _world.Advance(3590);
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");
        await Failing.With(FailureKind.VendorUnavailable, process.GetAsync());
        Assert.Equal(2, _writes);
        _world.Vendor.Outage = null;
        _world.Advance(1);
        await process.RefreshNowAsync();

        Assert.Equal(3, _writes);
        Assert.Equal(4, _world.Store.Writes.Count);
        Assert.Equal(["rc", "uc", "rr"], await EventsAsync(process));
    }

    [Fact]
    public async Task What_was_noted_while_storage_was_away_is_merged_with_what_others_wrote()
    {
        var (here, there) = (StartOverBlobs(), StartOverBlobs());
        await here.GetAsync();
        _container.IsAway = true;
        _world.Advance(1800);
        await here.Broker.RefreshNowAsync(_world.Connection, default, "ann");
        _container.IsAway = false;
        _world.Advance(60);
        await there.Broker.RefreshNowAsync(_world.Connection, default, "bob");

        Assert.Equal(["rc", "rrann", "rrbob"], await EventsAsync(here));
    }

    private TokenProcess StartOverBlobs()
    {
        _container.BeforeWrite = () => _writes++;
        return _world.StartProcess(
            ledger: new BlobLedger(
                new LedgerBlobs(_container, NullLogger.Instance),
                _world.Time,
                NullLogger<BlobLedger>.Instance
            )
        );
    }

    private static async Task<IEnumerable<string>> EventsAsync(TokenProcess process) =>
        (await process.EntryAsync()).History!.Events.Select(one => one.ToString().TrimStart([.. "0123456789"]));
}
