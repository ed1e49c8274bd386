using System.Text.Json.Nodes;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Credentials;
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

    private readonly StubVault _vault = new("connections");
    private readonly QuickTime _time = new();
    private readonly LogRecorder _log = new();
    private readonly ILoggerFactory _logs;
    private readonly ReservedSecretNames _taken;
    private readonly VaultConnections _connections;

    public VaultConnectionsTests()
    {
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

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Secrets_of_the_content_type_define_connections_and_others_are_not_read()
    {
        Define("one", "contoso");
        Define("two", "fabrikam");
        _vault.With("acronis-default-client-secret", Secret);

        var found = await ReadAsync();

        Assert.Equal(["acronis/contoso", "acronis/fabrikam"], Keys(found));
        Assert.Equal(
            ["GET /secrets/", "GET /secrets/one/", "GET /secrets/two/"],
            _vault.Calls.Order(StringComparer.Ordinal).Select(call => call.TrimEnd('/') + "/")
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
    public async Task A_page_that_is_not_a_vaults_is_a_typed_failure()
    {
        _vault.Instead = call =>
            call.StartsWith("GET /secrets", StringComparison.Ordinal) ? StubVault.Json(200, "[1, 2]") : null;

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
        _vault.With("broken", "no JSON", bundle => bundle["contentType"] = ConnectionDocument.ContentType);
        await ReadAsync();

        var before = _connections.Unreadable;
        Define("broken", "mended");
        _vault.Without("two");
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
        Define("one", "contoso", updated: QuickTime.Noon.AddSeconds(-1));
        await ReadAsync();
        Define("one", "fabrikam", updated: QuickTime.Noon.AddSeconds(-1));

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
                _vault.Without("one");
                break;
            case "disabled":
                Define("one", "contoso", change: bundle => bundle["attributes"]!["enabled"] = false);
                break;
            case "another type":
                Define("one", "contoso", change: bundle => bundle["contentType"] = "text/plain");
                break;
            default:
                Define("one", "contoso", change: bundle => bundle["value"] = "{");
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
        var whole = _vault.Newest("one").DeepClone().AsObject();
        _vault.Instead = call =>
            call.TrimEnd('/') switch
            {
                "GET /secrets" => StubVault.Json(200, """{"value":[],"nextLink":null}"""),
                "GET /secrets/one" => StubVault.Json(200, whole.ToJsonString()),
                _ => null,
            };

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
        Assert.Contains("settings describe already", Assert.Single(Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_may_not_be_read_stands_in_no_others_way()
    {
        Define("one", "contoso");
        Define("two", "fabrikam");
        _vault.Instead = call =>
            call.StartsWith("GET /secrets/one", StringComparison.Ordinal) ? StubVault.Error(403, "Forbidden") : null;

        var denied = await ReadAsync();
        await ReadAsync();
        _vault.Instead = null;
        var allowed = await ReadAsync();

        Assert.Equal(["acronis/fabrikam"], Keys(denied));
        Assert.Single(Warnings());
        Assert.Equal(2, allowed.Count);
    }

    [Theory]
    [InlineData("GET /secrets", 403, FailureKind.VaultAccessDenied)]
    [InlineData("GET /secrets", 503, FailureKind.VaultUnavailable)]
    [InlineData("GET /secrets/two", 429, FailureKind.VaultUnavailable)]
    public async Task A_vault_that_denies_or_does_not_answer_ends_the_reading_and_what_was_known_is_kept(
        string where,
        int status,
        FailureKind expected
    )
    {
        Define("one", "contoso");
        var before = await ReadAsync();
        Define("two", "fabrikam");
        _vault.Instead = call => call.TrimEnd('/') == where ? StubVault.Error(status, "Whatever") : null;

        var failure = await Bench.FailureAsync(() => ReadAsync());
        _vault.Instead = null;
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

        var calls = new List<DateTimeOffset>();
        _vault.Instead = _ =>
        {
            lock (calls)
                calls.Add(_time.GetUtcNow());
            return null;
        };
        var portions = 0;
        IReadOnlyList<Connection> found = [];
        await foreach (var known in _connections.ReadAsync(TestContext.Current.CancellationToken))
        {
            (found, portions) = (known, portions + 1);
        }

        Assert.Equal(Count, found.Count);
        Assert.InRange(portions, 10, 50);
        Assert.Equal((Count / 25) + Count, calls.Count);
        Assert.InRange(
            calls.Max() - QuickTime.Noon,
            TimeSpan.FromMinutes(1),
            ConnectionReloader.StaleAfter - ConnectionReloader.Interval
        );
        calls.Sort();
        Assert.All(Enumerable.Range(0, calls.Count - 1250), i =>
            Assert.True(calls[i + 1250] - calls[i] >= TimeSpan.FromSeconds(10))
        );

        calls.Clear();
        await ReadAsync();
        Assert.Equal(Count / 25, calls.Count);
    }

    private void Define(
        string name,
        string connection,
        string url = "https://eu8-cloud.acronis.com",
        string vendor = "acronis",
        string? secret = null,
        DateTimeOffset? updated = null,
        Action<JsonObject>? change = null
    ) =>
        _vault.With(
            name,
            new JsonObject
            {
                ["vendor"] = vendor,
                ["connection"] = connection,
                ["settings"] = new JsonObject { ["DataCenterUrl"] = url, ["ClientId"] = "client" },
                ["credential"] = new JsonObject { ["clientSecret"] = secret ?? Secret },
            }.ToJsonString(),
            bundle =>
            {
                // As the vault: each version is newer, and long ago.
                bundle["contentType"] = "application/vnd.backupfunctions.connection+json";
                bundle["attributes"]!["updated"] = updated?.ToUnixTimeSeconds()
                    ?? bundle["attributes"]!["created"]!.GetValue<int>();
                change?.Invoke(bundle);
            }
        );

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
