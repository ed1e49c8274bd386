using BackupFunctions.Alerts;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Ledger;
using BackupFunctions.Settings.Alerting;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Alerts;

/// <summary>Many connections of one vendor, whose entries tests write themselves, and a webhook.</summary>
internal sealed class AlertWorld(WebhookReceiver receiver, int connections) : IAsyncDisposable
{
    public const string Vendor = FakeVendor.VendorName;

    private readonly TokenWorld _world = new(
        furtherConnections: [.. Enumerable.Range(1, connections - 1).Select(index => $"c{index}")]
    );

    public TestTime Time => _world.Time;

    public ILedger Ledger { get; init; } = new InMemoryLedger();

    public IAlertGroups Groups { get; init; } = new InMemoryAlertGroups();

    public LogRecorder Log { get; } = new();

    public WebhookReceiver Receiver => receiver;

    /// <summary>All connections: <c>default</c>, <c>c1</c>, <c>c2</c> and so on.</summary>
    public IReadOnlyList<ConnectionKey> Keys => [.. _world.Connections.Select(connection => connection.Key)];

    public AlertOptions Options { get; init; } =
        new(AlertOptions.DefaultAfter) { Url = new SecretText(new Uri(receiver.Address, "/hook").AbsoluteUri) };

    public static async Task<AlertWorld> StartAsync(int connections, Func<AlertOptions, AlertOptions>? with = null)
    {
        var world = new AlertWorld(await WebhookReceiver.StartAsync(), connections);
        return new AlertWorld(world.Receiver, connections) { Options = with?.Invoke(world.Options) ?? world.Options };
    }

    /// <summary>A process of the deployment; what it knows of groups may be its own.</summary>
    public AlertDispatcher StartInstance(IAlertGroups? groups = null, AlertOptions? options = null)
    {
        var logs = LoggerFactory.Create(logging => logging.AddSuiteLog().AddRecorder(Log));
        var webhook = new AlertWebhook(
            options ?? Options,
            _world.Credentials,
            _world.Random,
            new TestTime { TimersFireAtOnce = true }
        );
        var poster = new AlertPoster(
            Ledger,
            groups ?? Groups,
            webhook,
            new ConnectionDirectory([_world.Vendor.Profile], _world.Connections),
            Time,
            logs.CreateLogger<AlertPoster>(),
            options ?? Options
        );
        return new AlertDispatcher(
            Ledger,
            groups ?? Groups,
            poster,
            Time,
            logs.CreateLogger<AlertDispatcher>(),
            options ?? Options
        );
    }

    /// <summary>A connection fails, and an instance hears of it.</summary>
    public Task FailAsync(
        AlertDispatcher instance,
        ConnectionKey key,
        FailureKind kind = FailureKind.CredentialsRefused,
        string detail = "It was refused."
    ) =>
        ChangeAsync(instance, key, entry =>
            entry.AfterFailure(
                new FailedAttempt(key, new TokenFailure(kind, detail)),
                new AttemptRefusals([], 0),
                Time.GetUtcNow()
            )
        );

    /// <summary>A connection is well, and an instance hears of it.</summary>
    public Task MendAsync(AlertDispatcher instance, ConnectionKey key) =>
        ChangeAsync(instance, key, entry =>
            entry.AfterSuccess(
                new GrantedToken(new TokenMetadata("0123", Time.GetUtcNow(), Time.GetUtcNow().AddHours(1)), false),
                new AttemptRefusals([], 0),
                Time.GetUtcNow()
            )
        );

    public async Task ChangeAsync(AlertDispatcher instance, ConnectionKey key, Func<LedgerEntry, LedgerEntry> change)
    {
        var updated = LedgerEntry.Empty;
        await Ledger.UpdateAsync(key, entry => updated = change(entry), CancellationToken.None);
        instance.Heard(key, updated);
    }

    /// <summary>Lets time pass in steps of the dispatcher's interval; every instance sends what is due.</summary>
    public async Task PassAsync(TimeSpan time, params AlertDispatcher[] instances)
    {
        var steps = time.TotalMinutes > 30 ? 60 : 1;
        for (var passed = TimeSpan.Zero; passed <= time; passed += steps * AlertDispatcher.Interval)
        {
            await Task.WhenAll(instances.Select(instance => instance.SendDueAsync(CancellationToken.None)));
            Time.Advance(steps * AlertDispatcher.Interval);
        }
    }

    public ValueTask DisposeAsync() => receiver.DisposeAsync();
}
