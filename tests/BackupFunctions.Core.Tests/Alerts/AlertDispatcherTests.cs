using BackupFunctions.Alerts;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using BackupFunctions.Settings.Alerting;
using BackupFunctions.Storage;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Core.Tests.Alerts;

public sealed class AlertDispatcherTests : IAsyncLifetime
{
    private const string Secret = "a-token-in-the-address";

    private readonly TokenWorld _world = new();
    private readonly InMemoryLedger _ledger = new();
    private readonly InMemoryAlertGroups _groups = new();
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
    public async Task A_failure_that_needs_an_operator_is_sent_once_others_had_time_to_join_it()
    {
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.SendDueAsync();
        _world.Time.Advance(GroupRules.CollectFor - TimeSpan.FromSeconds(1));
        await _instance.SendDueAsync();
        var before = _receiver.Received.Count;
        _world.Advance(1);
        await _instance.SendDueAsync();
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.TellAsync();
        Assert.Equal(0, before);

        var message = Assert.Single(_receiver.Received);
        Assert.Equal(
            [
                "text",
                "event",
                "incident",
                "vendor",
                "connection",
                "type",
                "detail",
                "since",
                "at",
                "count",
                "connections",
            ],
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
            "fake/default has been failing since 2026-11-22 12:00 UTC: The vendor's server is not trusted. "
                + "The fake vendor says ServerNotTrusted.",
            (string?)message["text"]
        );
        Assert.Equal($"POST /hooks/1?sig={Secret}", Assert.Single(_receiver.Paths));
    }

    [Fact]
    public async Task A_failure_that_may_resolve_itself_is_sent_after_a_while()
    {
        await _instance.FailAsync(FailureKind.VendorUnavailable);
        _world.Advance(899);
        await _instance.SendDueAsync();
        _world.Time.Advance(GroupRules.CollectFor);
        var before = _receiver.Received.Count;
        await _instance.TellAsync();
        await _instance.SendDueAsync();

        Assert.Equal((0, 1), (before, _receiver.Received.Count));
    }

    [Fact]
    public async Task A_failure_that_resolves_itself_in_time_is_not_sent()
    {
        await _instance.FailAsync(FailureKind.VendorUnavailable);
        await _instance.RenewAsync();
        _world.Advance(3600);
        await _instance.SendDueAsync();

        Assert.Empty(_receiver.Received);
        Assert.Null((await _instance.Process.EntryAsync()).Incident);
    }

    [Fact]
    public async Task A_recovery_is_sent_once_with_the_same_incident()
    {
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.TellAsync();
        _world.Advance(3900 - 180);
        await _instance.RenewAsync();
        await _instance.SendDueAsync();
        await _instance.RenewAsync();
        await _instance.SendDueAsync();

        Assert.Equal(["connection-broken", "connection-well"], _receiver.Events);
        Assert.Equal((string?)_receiver.Received[0]["incident"], (string?)_receiver.Received[1]["incident"]);
        Assert.Equal(
            "fake/default recovered at 2026-11-22 13:05 UTC after 1 h 5 min.",
            (string?)_receiver.Received[1]["text"]
        );
        Assert.Equal(
            ["text", "event", "incident", "vendor", "connection", "since", "at", "count", "connections"],
            _receiver.Received[1].Select(member => member.Key)
        );
    }

    [Fact]
    public async Task A_failure_after_a_recovery_is_another_incident()
    {
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.TellAsync();
        await _instance.RenewAsync();
        await _instance.SendDueAsync();
        _world.Advance(60);
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.TellAsync();

        Assert.Equal(["connection-broken", "connection-well", "connection-broken"], _receiver.Events);
        Assert.Equal("fake-default-20261122T120400Z", (string?)_receiver.Received[2]["incident"]);
    }

    [Fact]
    public async Task Only_one_of_several_instances_sends_the_alert()
    {
        var other = new Instance(this);
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await other.FailAsync(FailureKind.ServerNotTrusted);

        await Task.WhenAll(_instance.SendDueAsync(), other.SendDueAsync());
        _world.Time.Advance(GroupRules.CollectFor);
        await Task.WhenAll(_instance.SendDueAsync(), other.SendDueAsync());
        await other.RenewAsync();
        await Task.WhenAll(_instance.SendDueAsync(), other.SendDueAsync());

        Assert.Equal(["connection-broken", "connection-well"], _receiver.Events);
    }

    [Fact]
    public async Task Another_instance_takes_over_when_the_claim_of_a_dead_one_expires()
    {
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.SendDueAsync();
        await _groups.UpdateAsync(
            new AlertCause("fake", FailureKind.ServerNotTrusted),
            group => group! with { ClaimedUntil = _world.Now + GroupRules.CollectFor + GroupRules.ClaimFor },
            CancellationToken.None
        );
        var other = new Instance(this);
        await other.FailAsync(FailureKind.ServerNotTrusted);
        await other.TellAsync();
        var before = _receiver.Received.Count;
        _world.Time.Advance(GroupRules.ClaimFor);
        await other.SendDueAsync();

        Assert.Equal((0, 1), (before, _receiver.Received.Count));
    }

    [Fact]
    public async Task A_restarted_instance_learns_of_an_incident_from_the_next_blocked_call()
    {
        await _instance.FailAsync(FailureKind.CredentialsRefused, times: 2);
        var restarted = new Instance(this);

        await Assert.ThrowsAsync<TokenException>(() => restarted.Process.GetAsync());
        await restarted.TellAsync();

        Assert.Equal(["connection-broken"], _receiver.Events);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task A_webhook_that_fails_briefly_is_tried_three_times(int status)
    {
        _receiver.Answers(status, status);

        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.TellAsync();

        Assert.Equal(3, _receiver.Received.Count);
        Assert.Contains(_log.Events, one => one.EventId.Id == 1311);
    }

    [Theory]
    [InlineData(1, "answered 404", 404)]
    [InlineData(1, "answered 302", 302)]
    [InlineData(3, "answered 503", 503, 503, 503)]
    public async Task An_alert_that_fails_is_logged_without_the_url_and_sent_again_later(
        int attempts,
        string reason,
        params int[] answers
    )
    {
        _receiver.Answers(answers);

        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.TellAsync();
        await _instance.SendDueAsync();
        var (first, failed) = (_receiver.Received.Count, _log.Events.Single(one => one.EventId.Id == 1312));
        _world.Advance(GroupRules.ClaimFor.TotalSeconds);
        await _instance.TellAsync();

        Assert.Equal((attempts, attempts + 1), (first, _receiver.Received.Count));
        Assert.Contains(reason, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Events, one =>
            one.Message.Contains(Secret, StringComparison.Ordinal) || one.Exception is not null
        );
        Assert.All(_receiver.Paths, path => Assert.StartsWith("POST /hooks/1", path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_webhook_that_cannot_be_reached_is_logged_without_the_exception_whose_text_has_its_address()
    {
        var address = _receiver.Address.Authority;
        await _receiver.DisposeAsync();

        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.TellAsync();

        var failed = _log.Events.Single(one => one.EventId.Id == 1312);
        Assert.Contains(
            "the webhook could not be reached (ConnectionError).",
            failed.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(_log.Events, one =>
            one.Exception is not null
            || one.Message.Contains(address, StringComparison.Ordinal)
            || one.Values.Any(value => value.Value.Contains(address, StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_recovery_is_dropped_after_an_hour()
    {
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        await _instance.TellAsync();
        await _instance.RenewAsync();
        for (var i = 0; i < 20; i++)
        {
            _receiver.Answers(404);
            await _instance.SendDueAsync();
            _world.Advance(GroupRules.ClaimFor.TotalSeconds);
        }

        Assert.InRange(_receiver.Events.Count(one => one == "connection-well"), 12, 14);
        Assert.Null((await _instance.Process.EntryAsync()).Incident);
    }

    [Fact]
    public async Task A_hanging_webhook_delays_no_renewal_and_later_events_are_sent_after_it()
    {
        var hanging = _receiver.HangsOnce();
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        var telling = _instance.TellAsync();
        await hanging.Entered;

        await _instance.RenewAsync();
        var wasTelling = !telling.IsCompleted;
        hanging.Release();
        await telling;
        await _instance.SendDueAsync();

        Assert.True(wasTelling);
        Assert.Equal(["connection-broken", "connection-well"], _receiver.Events);
    }

    [Fact]
    public async Task An_attempt_is_abandoned_after_ten_seconds_and_the_next_one_made()
    {
        var hanging = _receiver.HangsOnce();
        await _instance.FailAsync(FailureKind.ServerNotTrusted);
        var telling = _instance.TellAsync();
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
    public void Merging_entries_keeps_the_end_of_an_incident_that_operators_know(
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

    [Fact]
    public async Task An_instance_reads_what_another_recorded_last_before_it_decides_on_an_alert()
    {
        var storage = new FakeLedgerContainer();
        var (key, after) = (_world.Connection.Key, AlertOptions.DefaultAfter);
        var (here, there) = (Stored(), Stored());
        var instance = new Instance(this, ledger: here);
        await there.UpdateAsync(key, _ => Failed(FailureKind.VendorUnavailable, "first"), CancellationToken.None);
        instance.Heard(await here.ReadAsync(key, newest: true, CancellationToken.None));
        _world.Time.Advance(after);
        await there.UpdateAsync(key, _ => new LedgerEntry { LastSuccess = _world.Now }, CancellationToken.None);
        await here.ReadAsync(key, newest: true, CancellationToken.None);
        await there.UpdateAsync(key, _ => Failed(FailureKind.ServerNotTrusted, "second"), CancellationToken.None);

        await instance.TellAsync();

        Assert.Equal("second", (string?)Assert.Single(_receiver.Received)["incident"]);

        BlobLedger Stored() =>
            new(new LedgerBlobs(storage, NullLogger.Instance), _world.Time, NullLogger<BlobLedger>.Instance);

        LedgerEntry Failed(FailureKind kind, string incident) =>
            new()
            {
                LastFailure = new TokenFailure(kind, "It failed."),
                LastFailureAt = _world.Now,
                Incident = new Incident { Id = incident, Since = _world.Now },
            };
    }

    [Theory]
    [InlineData(null, "The vault has no secret named alert-url")]
    [InlineData("http://hooks.example/x", "must begin with https://")]
    [InlineData("nonsense", "does not contain an absolute URL")]
    public async Task An_invalid_url_in_the_vault_is_reported_without_the_url(string? address, string reason)
    {
        var instance = new Instance(
            this,
            new AlertOptions(TimeSpan.Zero) { UrlSecretName = "alert-url" },
            Vault(address)
        );

        await instance.FailAsync(FailureKind.ServerNotTrusted);
        await instance.TellAsync();

        var failed = _log.Events.Single(one => one.EventId.Id == 1312);
        Assert.Contains("has no URL: ", failed.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(address ?? Secret, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_url_may_be_in_the_vault()
    {
        var instance = new Instance(
            this,
            new AlertOptions(TimeSpan.Zero) { UrlSecretName = "alert-url" },
            Vault(new Uri(_receiver.Address, "/of-the-vault").AbsoluteUri)
        );

        await instance.FailAsync(FailureKind.VendorUnavailable);
        await instance.TellAsync();

        Assert.Equal("POST /of-the-vault", Assert.Single(_receiver.Paths));
    }

    private static StubCredentials Vault(string? address) =>
        address is null ? new StubCredentials() : new StubCredentials().With("alert-url", address);

    /// <summary>A process of the deployment, with its alerts.</summary>
    private sealed class Instance
    {
        private readonly TokenWorld _world;
        private readonly AlertDispatcher _dispatcher;

        public Instance(
            AlertDispatcherTests test,
            AlertOptions? options = null,
            ICredentialSource? vault = null,
            ILedger? ledger = null
        )
        {
            ledger ??= test._ledger;
            _world = test._world;
            options ??= new AlertOptions(AlertOptions.DefaultAfter)
            {
                Url = new SecretText(new Uri(test._receiver.Address, $"/hooks/1?sig={Secret}").AbsoluteUri),
            };
            var logs = LoggerFactory.Create(logging => logging.AddSuiteLog().AddRecorder(test._log));
            var webhook = new AlertWebhook(options, vault ?? _world.Credentials, _world.Random, WebhookTime);
            var poster = new AlertPoster(
                ledger,
                test._groups,
                webhook,
                new ConnectionDirectory([_world.Vendor.Profile], _world.Connections),
                _world.Time,
                logs.CreateLogger<AlertPoster>(),
                options
            );
            _dispatcher = new AlertDispatcher(
                ledger,
                test._groups,
                poster,
                _world.Time,
                logs.CreateLogger<AlertDispatcher>(),
                options
            );
            Process = new TokenProcess(_world, new RenewalOptions(), ledger, incidents: _dispatcher);
        }

        public TokenProcess Process { get; }

        /// <summary>
        /// The clock of the webhook's attempts, on which waits are over at once and time limits are not.
        /// </summary>
        public TestTime WebhookTime { get; } = new() { TimersFireAtOnce = true };

        public void Heard(LedgerEntry entry) => _dispatcher.Heard(_world.Connection.Key, entry);

        public Task SendDueAsync() => _dispatcher.SendDueAsync(CancellationToken.None);

        /// <summary>What is due is collected, and posted.</summary>
        public async Task TellAsync()
        {
            await SendDueAsync();
            _world.Time.Advance(GroupRules.CollectFor);
            await SendDueAsync();
        }

        /// <summary>A refresh by an operator fails; no back-off blocks it.</summary>
        public async Task FailAsync(FailureKind kind, int times = 1)
        {
            for (var i = 0; i < times; i++)
                _world.Vendor.FailsOnce(kind);
            await Assert.ThrowsAsync<TokenException>(Process.RefreshNowAsync);
        }

        public Task<AccessToken> RenewAsync() => Process.RefreshNowAsync();
    }
}
