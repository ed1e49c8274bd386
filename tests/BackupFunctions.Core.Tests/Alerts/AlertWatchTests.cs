using BackupFunctions.Alerts;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using BackupFunctions.Settings;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Alerts;

public sealed class AlertWatchTests : IAsyncLifetime
{
    private const string Secret = "a-token-in-the-address";

    private readonly TokenWorld _world = new();
    private readonly InMemoryLedger _ledger = new();
    private readonly LogRecorder _log = new();
    private WebhookReceiver _receiver = null!;
    private Instance _instance = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _instance = new Instance(this);
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task What_an_operator_must_mend_is_told_at_once_and_once_with_all_that_a_workflow_needs()
    {
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.LookAsync();
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.LookAsync();

        var message = Assert.Single(_receiver.Received);
        Assert.Equal(
            ["text", "event", "incident", "vendor", "connection", "type", "detail", "since", "at"],
            message.Select(member => member.Key)
        );
        Assert.Equal(
            (
                "connection-broken",
                "fake-default-20261122T120000Z",
                "fake",
                "default",
                "urn:backupfunctions:problem:server-not-trusted",
                "2026-11-22T12:00:00Z"
            ),
            (
                (string?)message["event"],
                (string?)message["incident"],
                (string?)message["vendor"],
                (string?)message["connection"],
                (string?)message["type"],
                (string?)message["since"]
            )
        );
        Assert.Equal(
            "fake/default is broken since 2026-11-22 12:00 UTC: The vendor's server is not trusted. The fake vendor says ServerNotTrusted.",
            (string?)message["text"]
        );
        Assert.Equal($"POST /hooks/1?sig={Secret}", Assert.Single(_receiver.Paths));
    }

    [Fact]
    public async Task What_may_heal_by_itself_is_told_when_it_has_lasted()
    {
        await _instance.FailAsync(FailureKind.VendorUnavailable);
        _world.Advance(899);
        await _instance.LookAsync();
        var before = _receiver.Received.Count;
        _world.Advance(1);
        await _instance.LookAsync();
        await _instance.LookAsync();

        Assert.Equal((0, 1), (before, _receiver.Received.Count));
    }

    [Fact]
    public async Task What_heals_in_time_is_not_told()
    {
        await _instance.FailAsync(FailureKind.VendorUnavailable);
        await _instance.RenewAsync();
        _world.Advance(3600);
        await _instance.LookAsync();

        Assert.Empty(_receiver.Received);
        Assert.Null((await _instance.Process.EntryAsync()).Incident);
    }

    [Fact]
    public async Task That_it_is_well_again_is_told_once_with_the_same_incident()
    {
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.LookAsync();
        _world.Advance(3900);
        await _instance.RenewAsync();
        await _instance.LookAsync();
        await _instance.RenewAsync();
        await _instance.LookAsync();

        Assert.Equal(["connection-broken", "connection-well"], _receiver.Events);
        Assert.Equal((string?)_receiver.Received[0]["incident"], (string?)_receiver.Received[1]["incident"]);
        Assert.Equal(
            "fake/default is well again since 2026-11-22 13:05 UTC. It was broken for 1 h 5 min.",
            (string?)_receiver.Received[1]["text"]
        );
        Assert.Equal(
            ["text", "event", "incident", "vendor", "connection", "since", "at"],
            _receiver.Received[1].Select(member => member.Key)
        );
    }

    [Fact]
    public async Task The_next_failure_after_that_is_another_incident()
    {
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.LookAsync();
        await _instance.RenewAsync();
        await _instance.LookAsync();
        _world.Advance(60);
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.LookAsync();

        Assert.Equal(["connection-broken", "connection-well", "connection-broken"], _receiver.Events);
        Assert.Equal("fake-default-20261122T120100Z", (string?)_receiver.Received[2]["incident"]);
    }

    [Fact]
    public async Task Of_several_instances_one_tells()
    {
        var other = new Instance(this);
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await other.FailAsync(FailureKind.ServerNotTrusted);

        await Task.WhenAll(_instance.LookAsync(), other.LookAsync());
        await other.RenewAsync();
        await Task.WhenAll(_instance.LookAsync(), other.LookAsync());

        Assert.Equal(["connection-broken", "connection-well"], _receiver.Events);
    }

    [Fact]
    public async Task An_instance_that_died_in_the_middle_is_stood_in_for_when_its_claim_has_run_out()
    {
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _ledger.UpdateAsync(
            _world.Connection.Key,
            entry => entry with { Incident = entry.Incident! with { ClaimedUntil = _world.Now + AlertWatch.ClaimFor } },
            CancellationToken.None
        );
        var other = new Instance(this);
        await other.FailAsync(FailureKind.ServerNotTrusted);
        await other.LookAsync();
        var before = _receiver.Received.Count;
        _world.Advance(AlertWatch.ClaimFor.TotalSeconds);
        await other.LookAsync();

        Assert.Equal((0, 1), (before, _receiver.Received.Count));
    }

    [Fact]
    public async Task A_restarted_instance_hears_of_an_incident_by_the_next_call_that_is_held_off()
    {
        await _instance.FailAsync(FailureKind.CredentialsRefused, times: 2);
        var restarted = new Instance(this);

        await Assert.ThrowsAsync<TokenException>(() => restarted.Process.GetAsync());
        await restarted.LookAsync();

        Assert.Equal(["connection-broken"], _receiver.Events);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task A_webhook_that_fails_for_a_moment_is_tried_three_times(int status)
    {
        _receiver.Answers(status, status);

        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.LookAsync();

        Assert.Equal(3, _receiver.Received.Count);
        Assert.Contains(_log.Events, one => one.EventId.Id == 1311);
    }

    [Theory]
    [InlineData(1, "answered 404", 404)]
    [InlineData(1, "answered 302", 302)]
    [InlineData(3, "answered 503", 503, 503, 503)]
    public async Task A_message_that_was_not_taken_is_logged_without_the_address_and_sent_again_later(
        int attempts,
        string reason,
        params int[] answers
    )
    {
        _receiver.Answers(answers);

        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.LookAsync();
        await _instance.LookAsync();
        var (first, failed) = (_receiver.Received.Count, _log.Events.Single(one => one.EventId.Id == 1312));
        _world.Advance(AlertWatch.ClaimFor.TotalSeconds);
        await _instance.LookAsync();

        Assert.Equal((attempts, attempts + 1), (first, _receiver.Received.Count));
        Assert.Contains(reason, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Events, one =>
            one.Message.Contains(Secret, StringComparison.Ordinal) || one.Exception is not null
        );
        Assert.All(_receiver.Paths, path => Assert.StartsWith("POST /hooks/1", path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_it_is_well_is_no_news_an_hour_later()
    {
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.LookAsync();
        await _instance.RenewAsync();
        for (var i = 0; i < 20; i++)
        {
            _receiver.Answers(404);
            await _instance.LookAsync();
            _world.Advance(AlertWatch.ClaimFor.TotalSeconds);
        }

        Assert.InRange(_receiver.Events.Count(one => one == "connection-well"), 12, 14);
        Assert.Null((await _instance.Process.EntryAsync()).Incident);
    }

    [Fact]
    public async Task A_webhook_that_hangs_holds_up_no_renewal_and_what_happened_meanwhile_is_told_after_it()
    {
        var hanging = _receiver.HangsOnce();
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        var telling = _instance.LookAsync();
        await hanging.Entered;

        await _instance.RenewAsync();
        var wasTelling = !telling.IsCompleted;
        hanging.Release();
        await telling;
        await _instance.LookAsync();

        Assert.True(wasTelling);
        Assert.Equal(["connection-broken", "connection-well"], _receiver.Events);
    }

    [Fact]
    public async Task An_attempt_that_takes_ten_seconds_is_given_up_and_the_next_one_made()
    {
        var hanging = _receiver.HangsOnce();
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        var telling = _instance.LookAsync();
        await hanging.Entered;

        _instance.WebhookTime.Advance(AlertWebhook.AttemptTimeout);
        await telling;
        hanging.Release();

        Assert.Equal(2, _receiver.Received.Count);
        Assert.Contains(_log.Events, one => one.EventId.Id == 1311);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    public void Of_records_that_were_written_apart_the_end_of_what_operators_know_of_is_kept(
        bool wasTold,
        bool isNewerFirst,
        bool isKept
    )
    {
        var incident = new Incident
        {
            Id = "one",
            Since = _world.Now,
            ToldAt = wasTold ? _world.Now : null,
        };
        var failed = new LedgerEntry { LastFailureAt = _world.Now, Incident = incident };
        var healed = new LedgerEntry { LastSuccess = _world.Now.AddMinutes(1) };

        var merged = isNewerFirst ? healed.MergedWith(failed) : failed.MergedWith(healed);

        Assert.Equal(isKept ? incident with { EndedAt = healed.LastSuccess } : null, merged.Incident);
    }

    [Theory]
    [InlineData(null, "The vault has no secret named alert-url")]
    [InlineData("http://hooks.example/x", "must begin with https://")]
    [InlineData("nonsense", "does not contain an absolute URL")]
    public async Task An_address_in_the_vault_that_is_none_is_said_without_it(string? address, string reason)
    {
        var instance = new Instance(
            this,
            new AlertOptions(TimeSpan.Zero) { UrlSecretName = "alert-url" },
            Vault(address)
        );

        await instance.FailAsync(FailureKind.ServerNotTrusted);
        await instance.LookAsync();

        var failed = _log.Events.Single(one => one.EventId.Id == 1312);
        Assert.Contains("is not known: ", failed.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(address ?? Secret, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_may_stand_in_the_vault()
    {
        var instance = new Instance(
            this,
            new AlertOptions(TimeSpan.Zero) { UrlSecretName = "alert-url" },
            Vault(new Uri(_receiver.Address, "/of-the-vault").AbsoluteUri)
        );

        await instance.FailAsync(FailureKind.VendorUnavailable);
        await instance.LookAsync();

        Assert.Equal("POST /of-the-vault", Assert.Single(_receiver.Paths));
    }

    private static StubCredentials Vault(string? address) =>
        address is null ? new StubCredentials() : new StubCredentials().With("alert-url", address);

    /// <summary>A process of the deployment, with what watches for its operators.</summary>
    private sealed class Instance
    {
        private readonly TokenWorld _world;
        private readonly AlertWatch _watch;

        public Instance(AlertWatchTests test, AlertOptions? options = null, ICredentialSource? vault = null)
        {
            _world = test._world;
            options ??= new AlertOptions(AlertOptions.DefaultAfter)
            {
                Url = new SecretText(new Uri(test._receiver.Address, $"/hooks/1?sig={Secret}").AbsoluteUri),
            };
            var logs = LoggerFactory.Create(logging => logging.AddSuiteLog().AddRecorder(test._log));
            var webhook = new AlertWebhook(options, vault ?? _world.Credentials, _world.Random, WebhookTime);
            _watch = new AlertWatch(test._ledger, _world.Time, logs.CreateLogger<AlertWatch>(), options, webhook);
            Process = new TokenProcess(_world, new RenewalOptions(), test._ledger, incidents: _watch);
        }

        public TokenProcess Process { get; }

        /// <summary>
        /// The clock of the webhook's attempts, on which waits are over at once and time limits are not.
        /// </summary>
        public TestTime WebhookTime { get; } = new() { TimersFireAtOnce = true };

        public Task LookAsync() => _watch.LookAsync(CancellationToken.None);

        /// <summary>An operator's attempt, which no back-off holds off, fails.</summary>
        public async Task FailAsync(FailureKind kind, int times = 1)
        {
            for (var i = 0; i < times; i++)
                _world.Vendor.FailsOnce(kind);
            await Assert.ThrowsAsync<TokenException>(Process.RefreshNowAsync);
        }

        public Task<AccessToken> RenewAsync() => Process.RefreshNowAsync();
    }
}
