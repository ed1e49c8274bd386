using System.Text.Json.Nodes;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Credentials;
using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using BackupFunctions.Settings;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.KeyVault;

public sealed class VaultConnectionsTests : IDisposable
{
    private static readonly string Secret = SuiteLog.Guard("the-secret-inside-a-connection");

    private readonly TestTime _time = new() { TimersFireAtOnce = true };
    private readonly EmulatedVault _vault;
    private readonly LogRecorder _log = new();
    private readonly ILoggerFactory _logs;
    private readonly ReservedSecretNames _taken;
    private readonly VaultConnections _connections;

    public VaultConnectionsTests()
    {
        _vault = new EmulatedVault(_time);
        _logs = LoggerFactory.Create(logging => logging.AddProvider(_log).AddSuiteLog());
        var vendor = VendorProfiles.Acronis;
        var settings = new Connection
        {
            Vendor = vendor,
            Key = new ConnectionKey("acronis", "default"),
            TokenSecretName = "acronis-default-access-token",
            ClientId = "x",
            Credential = new CredentialName("acronis-default-client-secret"),
            Server = new Uri("https://eu8-cloud.acronis.com"),
        };
        _taken = new ReservedSecretNames([settings]);
        _connections = Create([vendor]);
    }

    private VaultConnections Create(VendorProfile[] vendors) =>
        new(_vault.Client(), new VaultConnectionReader(vendors), _taken, _time, _logs.CreateLogger<VaultConnections>());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Secrets_of_the_content_type_define_connections_and_others_are_not_read()
    {
        Define("one", "contoso");
        Define("two", "fabrikam");
        _vault.Add("acronis-default-client-secret", Secret);

        var found = await ReadAsync();

        Assert.Equal(["acronis/contoso", "acronis/fabrikam"], Keys(found));
        Assert.Equal(
            ["GET /secrets", "GET /secrets/one", "GET /secrets/two"],
            _vault.Calls.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_secret_whose_reading_throws_is_one_unreadable_secret_logged_with_its_exception()
    {
        Define("one", "contoso");
        Define("two", "fabrikam", vendor: "faulty");
        Define("three", "tailspin");
        var faulty = VendorProfiles.Acronis with { Name = "faulty", Flow = new FaultyFlow() };
        var connections = Create([VendorProfiles.Acronis, faulty]);

        var found = await ReadAsync(connections);
        await ReadAsync(connections);

        Assert.Equal(["acronis/contoso", "acronis/tailspin"], Keys(found));
        Assert.Equal("two", Assert.Single(connections.Unreadable).Secret);
        var logged = Assert.Single(_log.Events, one => one.EventId.Id == 5007);
        Assert.StartsWith("System.ArgumentException: ", logged.Exception, StringComparison.Ordinal);
        Assert.Contains("OUR-OWN-BUG", logged.Exception, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_is_looked_for_by_the_name_that_its_secret_should_have()
    {
        Define("one", "fabrikam");
        await ReadAsync();
        Define("acronis-contoso", "contoso");
        var before = _vault.Calls.Count;

        Assert.True(await _connections.LookAsync(new ConnectionKey("acronis", "contoso"), Cancel));

        Assert.Equal(["acronis/contoso", "acronis/fabrikam"], Keys(_connections.Known).Order());
        Assert.Equal(["GET /secrets/acronis-contoso"], _vault.Calls.Skip(before));
    }

    [Theory]
    [InlineData(404, null)]
    [InlineData(403, "ForbiddenByRbac")]
    [InlineData(403, "SecretDisabled")]
    public async Task A_name_that_is_not_there_or_may_not_be_read_is_none_and_not_remembered(int status, string? code)
    {
        _vault.Refuse(Endpoints.Get, status, innerCode: code);

        Assert.False(await _connections.LookAsync(new ConnectionKey("acronis", "contoso"), Cancel));

        Assert.Empty(_connections.Unreadable);
        Assert.Empty(_connections.Known);
    }

    [Fact]
    public async Task A_secret_of_that_name_that_defines_no_connection_is_none()
    {
        _vault.Add("acronis-contoso", Secret);

        Assert.False(await _connections.LookAsync(new ConnectionKey("acronis", "contoso"), Cancel));

        Assert.Empty(_connections.Known);
    }

    [Fact]
    public async Task A_vault_that_cannot_be_asked_for_a_name_is_a_typed_failure()
    {
        _vault.Faults.Add(Endpoints.Get, Fault.Status(503));

        var failure = await Bench.FailureAsync(() =>
            _connections.LookAsync(new ConnectionKey("acronis", "contoso"), Cancel)
        );

        Assert.Equal(FailureKind.VaultUnavailable, failure.Kind);
    }

    [Fact]
    public async Task A_page_that_is_not_a_vaults_is_a_typed_failure()
    {
        _vault.Faults.Add(Endpoints.List, Fault.Status(200, "[1, 2]", "application/json"));

        var failure = await Bench.FailureAsync(() => ReadAsync());

        Assert.Equal(FailureKind.VaultUnavailable, failure.Kind);
    }

    /// <summary>Its text is asked for where no flow is known.</summary>
    private sealed record FaultyFlow : SignInFlow
    {
        public override string ToString()
        {
            _ = Enum.Parse<DayOfWeek>("OUR-OWN-BUG");
            return "";
        }
    }

    [Fact]
    public async Task What_should_define_a_connection_and_does_not_is_told_with_the_reason_until_it_is_mended()
    {
        Define("two", "contoso");
        Define("one", "contoso");
        _vault.Add("broken", "no JSON", ConnectionDocument.ContentType);
        await ReadAsync();

        var before = _connections.Unreadable;
        Define("broken", "mended");
        _vault.Secrets.Delete("two");
        await ReadAsync();

        Assert.Equal(["broken", "two"], before.Select(secret => secret.Secret));
        Assert.StartsWith("The secret broken ", before[0].Detail, StringComparison.Ordinal);
        Assert.Contains("which the secret one already defines", before[1].Detail, StringComparison.Ordinal);
        Assert.Empty(_connections.Unreadable);
    }

    [Fact]
    public async Task Only_what_is_new_or_changed_is_read_and_what_is_unchanged_is_the_same_object()
    {
        Define("one", "contoso");
        Define("two", "fabrikam");
        var before = await ReadAsync();
        Define("two", "fabrikam", url: "https://us5-cloud.acronis.com");
        Define("three", "northwind");
        var calls = _vault.Calls.Count;

        var after = await ReadAsync();

        Assert.Equal(
            ["acronis/contoso", "acronis/fabrikam", "acronis/northwind"],
            Keys(after).Order(StringComparer.Ordinal)
        );
        Assert.Same(Of(before, "contoso"), Of(after, "contoso"));
        Assert.NotSame(Of(before, "fabrikam"), Of(after, "fabrikam"));
        Assert.Equal(3, _vault.Calls.Count - calls);
    }

    [Fact]
    public async Task A_rotated_credential_changes_nothing_about_the_connection()
    {
        Define("one", "contoso");
        var before = await ReadAsync();
        Define("one", "contoso", secret: "rotated");

        var after = await ReadAsync();

        Assert.Same(Of(before, "contoso"), Of(after, "contoso"));
    }

    [Fact]
    public async Task What_changed_in_the_minute_before_it_was_read_is_read_once_more()
    {
        Define("one", "contoso", updated: TestTime.Noon.AddSeconds(-1));
        await ReadAsync();
        Define("one", "fabrikam", updated: TestTime.Noon.AddSeconds(-1));

        var second = await ReadAsync();
        _time.Advance(TimeSpan.FromMinutes(2));
        await ReadAsync();
        var calls = _vault.Calls.Count;
        await ReadAsync();

        Assert.Equal(["acronis/fabrikam"], Keys(second));
        Assert.Equal(1, _vault.Calls.Count - calls);
    }

    public static TheoryData<string> Ends => ["removed", "disabled", "another type", "broken"];

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task What_is_removed_disabled_or_no_definition_any_more_goes_and_leaves_the_others(string how)
    {
        Define("one", "contoso");
        Define("two", "fabrikam");
        await ReadAsync();
        switch (how)
        {
            case "removed":
                _vault.Secrets.Delete("one");
                break;
            case "disabled":
                Define("one", "contoso", enabled: false);
                break;
            case "another type":
                _vault.Add("one", "a text", "text/plain");
                break;
            default:
                _vault.Add("one", "{", ConnectionDocument.ContentType);
                break;
        }

        Assert.Equal(["acronis/fabrikam"], Keys(await ReadAsync()));
        Define("one", "contoso", secret: "again");
        Assert.Equal(["acronis/contoso", "acronis/fabrikam"], Keys(await ReadAsync()));
    }

    [Fact]
    public async Task What_a_shifting_page_hides_is_not_given_up()
    {
        Define("one", "contoso");
        var before = await ReadAsync();
        _vault.Faults.Add(Endpoints.List, Fault.Status(200, """{"value":[],"nextLink":null}""", "application/json"));

        Assert.Same(Of(before, "contoso"), Of(await ReadAsync(), "contoso"));
    }

    [Fact]
    public async Task A_broken_one_is_reported_once_for_each_version_and_harms_no_other()
    {
        Define("one", "contoso", url: "http://eu8-cloud.acronis.com");
        Define("two", "fabrikam");

        var found = await ReadAsync();
        await ReadAsync();
        var first = Warnings();
        Define("one", "contoso", url: "ftp://eu8-cloud.acronis.com");
        await ReadAsync();

        Assert.Equal(["acronis/fabrikam"], Keys(found));
        Assert.Contains(
            "The secret one: settings.DataCenterUrl must begin with https://",
            Assert.Single(first),
            StringComparison.Ordinal
        );
        Assert.Equal(2, Warnings().Count);
        Assert.DoesNotContain(Warnings(), warning => warning.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_that_define_the_same_connection_the_smaller_name_holds_and_the_other_is_reported_once()
    {
        Define("b-second", "contoso", url: "https://us5-cloud.acronis.com");
        Define("A-first", "contoso");

        var found = await ReadAsync();
        await ReadAsync();

        Assert.Equal(new Uri("https://eu8-cloud.acronis.com"), Of(found, "contoso").BaseUrl);
        Assert.Contains(
            "The secret b-second defines acronis/contoso, which the secret A-first already defines",
            Assert.Single(Warnings()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Settings_win_over_the_vault()
    {
        Define("one", "default");

        Assert.Empty(await ReadAsync());
        Assert.Contains("settings already define", Assert.Single(Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_may_not_be_read_stands_in_no_others_way()
    {
        Define("one", "contoso");
        Define("two", "fabrikam");
        _vault.Emulator.Deny(Endpoints.Get, "one");

        var denied = await ReadAsync();
        await ReadAsync();
        _vault.Emulator.AllowAll();
        var allowed = await ReadAsync();

        Assert.Equal(["acronis/fabrikam"], Keys(denied));
        Assert.Single(Warnings());
        Assert.Equal(2, allowed.Count);
    }

    [Theory]
    [InlineData(Endpoints.List, 403, FailureKind.VaultAccessDenied)]
    [InlineData(Endpoints.List, 503, FailureKind.VaultUnavailable)]
    [InlineData(Endpoints.Get, 429, FailureKind.VaultUnavailable)]
    public async Task A_vault_that_denies_or_does_not_answer_ends_the_reading_and_what_was_known_is_kept(
        string endpoint,
        int status,
        FailureKind expected
    )
    {
        Define("one", "contoso");
        var before = await ReadAsync();
        Define("two", "fabrikam");
        _vault.Refuse(endpoint, status);

        var failure = await Bench.FailureAsync(() => ReadAsync());
        _vault.Faults.Clear();
        var after = await ReadAsync();

        Assert.Equal(expected, failure.Kind);
        Assert.Same(Of(before, "contoso"), Of(after, "contoso"));
        Assert.Equal(2, after.Count);
    }

    [Fact]
    public async Task Ten_thousand_are_read_within_five_minutes_and_far_below_the_vaults_limit()
    {
        const int Count = 10_000;
        for (var i = 0; i < Count; i++)
        {
            Define($"connection-{i:D5}", $"c{i}");
        }

        var portions = 0;
        IReadOnlyList<Connection> found = [];
        await foreach (var known in _connections.ReadAsync(TestContext.Current.CancellationToken))
        {
            (found, portions) = (known, portions + 1);
        }

        Assert.Equal(Count, found.Count);
        Assert.InRange(portions, 10, 50);
        var calls = _vault.Requests.Select(call => call.At).Order().ToList();
        Assert.Equal((Count / 25) + Count, calls.Count);
        Assert.InRange(
            calls.Max() - TestTime.Noon,
            TimeSpan.FromMinutes(1),
            ConnectionReloader.StaleAfter - ConnectionReloader.Interval
        );
        Assert.All(Enumerable.Range(0, calls.Count - 1250), i =>
            Assert.True(calls[i + 1250] - calls[i] >= TimeSpan.FromSeconds(10))
        );

        await ReadAsync();
        Assert.Equal(Count / 25, _vault.Requests.Count - calls.Count);
    }

    private void Define(
        string name,
        string connection,
        string url = "https://eu8-cloud.acronis.com",
        string vendor = "acronis",
        string? secret = null,
        DateTimeOffset? updated = null,
        bool enabled = true
    )
    {
        var value = new JsonObject
        {
            ["vendor"] = vendor,
            ["connection"] = connection,
            ["settings"] = new JsonObject { ["DataCenterUrl"] = url, ["ClientId"] = "client" },
            ["credential"] = new JsonObject { ["clientSecret"] = secret ?? Secret },
        }.ToJsonString();
        if (updated is { } instant)
            _vault.AddAt(instant, name, value, ConnectionDocument.ContentType);
        else
            _vault.Add(name, value, ConnectionDocument.ContentType, enabled: enabled);
    }

    private async Task<IReadOnlyList<Connection>> ReadAsync(VaultConnections? connections = null)
    {
        IReadOnlyList<Connection> found = [];
        await foreach (var known in (connections ?? _connections).ReadAsync(TestContext.Current.CancellationToken))
        {
            found = known;
        }

        return found;
    }

    private List<string> Warnings() => [.. _log.Events.Where(one => one.EventId.Id == 5001).Select(one => one.Message)];

    private static IEnumerable<string> Keys(IReadOnlyList<Connection> found) =>
        found.Select(target => target.Key.ToString());

    private static Connection Of(IReadOnlyList<Connection> found, string name) =>
        found.Single(target => target.Key.Connection == name);
}
