using System.Text.Json.Nodes;
using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.History;
using BackupFunctions.Ledger;
using BackupFunctions.SignIn;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace BackupFunctions.Core.Tests.Web;

public sealed class StatusHandlersTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(TestTime.Noon);
    private readonly Mock<IConnectionSource> _source = new();
    private readonly Mock<IHostApplicationLifetime> _lifetime = new();
    private readonly ServiceProvider _services;
    private readonly DefaultHttpContext _context = new();

    public StatusHandlersTests()
    {
        var acronis = VendorProfiles.Acronis;
        _source
            .Setup(source => source.ReadAsync(It.IsAny<CancellationToken>()))
            .Returns(AsyncEnumerable.Empty<IReadOnlyList<Connection>>());
        _source
            .Setup(source => source.Unreadable)
            .Returns([new UnreadableSecret("contoso", "The secret contoso is no JSON.")]);
        _services = HandlerParts
            .Services(
                _time,
                Mock.Of<IVendorClient>(),
                new FakeTokenStore(),
                log: null,
                HandlerParts.Connection(VendorProfiles.Veeam),
                HandlerParts.Connection(acronis, baseUrl: "https://eu8-cloud.acronis.com/"),
                HandlerParts.Connection(acronis, "branch")
            )
            .AddSingleton(_source.Object)
            .AddSingleton(_lifetime.Object)
            .BuildServiceProvider();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task The_status_has_every_field_of_every_connection_by_vendor_and_name()
    {
        await RecordAsync(
            "acronis",
            "default",
            new LedgerEntry
            {
                LastSuccess = TestTime.Noon.AddMinutes(-50),
                Token = new TokenMetadata(
                    "9f86d081884c7d65",
                    TestTime.Noon.AddMinutes(-50),
                    TestTime.Noon.AddMinutes(10).AddMilliseconds(900)
                ),
                CredentialExpiresAt = TestTime.Noon.AddDays(90),
                LastFailure = new TokenFailure(FailureKind.VendorThrottled, "It answered 429: too many requests.")
                {
                    HttpStatus = 429,
                    OAuthError = "slow_down",
                },
                LastFailureAt = TestTime.Noon.AddMinutes(-1),
                FailuresInRow = 2,
                NextAttempt = TestTime.Noon.AddMinutes(1),
            }
        );

        var answer = await StatusAsync();

        Assert.Equal(
            (200, "application/json", "no-store"),
            (answer.Status, answer.ContentType, answer.Headers.CacheControl.ToString())
        );
        Assert.Equal("2026-11-22T12:00:00Z", (string?)answer.Json["generated_at"]);
        Assert.Null(answer.Json["clock_ahead_seconds"]);
        var connections = answer.Json["connections"]!.AsArray();
        Assert.Equal(
            ["acronis/branch", "acronis/default", "veeam/default"],
            connections.Select(one => $"{one!["vendor"]}/{one["connection"]}")
        );
        const string Summary =
            "The vendor is rate limiting us (2 failures in a row); the next attempt is in 1 min; "
            + "the current token is valid for 10 min.";
        Assert.Equal([false, false, true], connections.Select(one => (bool)one!["can_enrol"]!));
        Assert.Equal(
            JsonNode
                .Parse(
                    $$"""
                    {
                      "vendor": "acronis",
                      "connection": "default",
                      "state": "backing-off",
                      "summary": "{{Summary}}",
                      "issued_at": "2026-11-22T11:10:00Z",
                      "renew_from": "2026-11-22T11:55:00Z",
                      "expires_at": "2026-11-22T12:10:00Z",
                      "fingerprint": "9f86d081884c7d65",
                      "base_url": "https://eu8-cloud.acronis.com",
                      "last_success": "2026-11-22T11:10:00Z",
                      "last_failure": {
                        "at": "2026-11-22T11:59:00Z",
                        "type": "urn:backupfunctions:problem:vendor-throttled",
                        "title": "The vendor is rate limiting us",
                        "detail": "It answered 429: too many requests.",
                        "http_status": 429,
                        "oauth_error": "slow_down"
                      },
                      "failures_in_row": 2,
                      "next_attempt": "2026-11-22T12:01:00Z",
                      "credential_expires_at": "2027-02-20T12:00:00Z",
                      "signed_out_at": null,
                      "can_enrol": false
                    }
                    """
                )!
                .ToJsonString(),
            connections[1]!.ToJsonString()
        );
        Assert.Equal(
            """[{"secret":"contoso","detail":"The secret contoso is no JSON."}]""",
            answer.Json["unreadable"]!.ToJsonString()
        );
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-600, 600)]
    [InlineData(600, -600)]
    public async Task The_status_says_how_far_this_hosts_clock_is_off(int vaultAhead, int clockAhead)
    {
        var clock = _services.GetRequiredService<HostClock>();
        var date = TestTime.Noon.AddSeconds(vaultAhead);
        clock.Observe(
            ServerTime.Of(new Uri("https://vault.test/"), isVault: true, date, clock.GetTimestamp(), clock)!.Value
        );

        var answer = await StatusAsync();

        Assert.InRange((long)answer.Json["clock_ahead_seconds"]!, clockAhead - 1, clockAhead);
    }

    [Fact]
    public async Task Unknown_values_are_null()
    {
        var connection = (await StatusAsync()).Json["connections"]![0]!.AsObject();

        Assert.Equal(
            [
                "issued_at",
                "renew_from",
                "expires_at",
                "fingerprint",
                "base_url",
                "last_success",
                "last_failure",
                "next_attempt",
                "credential_expires_at",
                "signed_out_at",
            ],
            connection.Where(member => member.Value is null).Select(member => member.Key)
        );
        Assert.Equal("never", (string?)connection["state"]);
    }

    [Fact]
    public async Task With_history_the_status_also_tells_what_happened_in_the_last_day()
    {
        var failure = new TokenFailure(FailureKind.CredentialMissing, "The secret is missing.");
        var (key, noon) = (new ConnectionKey("acronis", "default"), TestTime.Noon);
        var token = new TokenMetadata("9f86d081884c7d65", noon.AddHours(-2), noon.AddHours(-1));
        var entry = LedgerEntry
            .Empty.AfterSuccess(
                new GrantedToken(token, ByOperator: false) { Cause = Cause.Timer },
                new([], 0),
                noon.AddHours(-2)
            )
            .AfterFailure(
                new(key, failure) { Cause = new Cause(CauseKind.Refresh, "ann") },
                new([], 0),
                noon.AddHours(-1)
            );
        await RecordAsync("acronis", "default", entry);
        await RecordAsync("veeam", "default", new LedgerEntry { SignedOutAt = noon.AddDays(-3) });

        var without = (await StatusAsync()).Json;
        var with = await StatusAsync("?history=true");

        var connections = with.Json["connections"]!.AsArray();
        Assert.Equal(
            $$"""
            {"broken_since":"2026-11-22T11:00:00Z","quarters":"{{new string('.', 87)}}r...mmmmm","events":[
            {"at":"2026-11-22T10:00:00Z","outcome":"renewed","cause":"timer"},
            {"at":"2026-11-22T11:00:00Z","outcome":"failed","cause":"refresh",
            "problem":"urn:backupfunctions:problem:credential-missing","name":"ann"}]}
            """.ReplaceLineEndings(""),
            connections[1]!["history"]!.ToJsonString()
        );
        Assert.Equal(new string('.', 96), (string?)connections[0]!["history"]!["quarters"]);
        Assert.Equal(new string('s', 96), (string?)connections[2]!["history"]!["quarters"]);
        var legend = with.Json["history"]!;
        Assert.Equal(("2026-11-21T12:15:00Z", 900), ((string?)legend["from"], (int)legend["quarter_seconds"]!));
        Assert.Equal(
            """{"letter":"c","outcome":"refused","problem":"urn:backupfunctions:problem:credentials-refused"}""",
            legend["outcomes"]![15]!.ToJsonString()
        );
        Assert.Equal(
            $$"""
            [{"vendor":"acronis","display_name":"{{VendorProfiles.Acronis.DisplayName}}"},
            {"vendor":"veeam","display_name":"{{VendorProfiles.Veeam.DisplayName}}"}]
            """.ReplaceLineEndings(""),
            legend["vendors"]!.ToJsonString()
        );

        // But for that, the two replies are the same.
        Assert.Equal("no-store", with.Headers.CacheControl.ToString());
        var rest = with.Json;
        rest.Remove("history");
        foreach (var one in rest["connections"]!.AsArray())
        {
            one!.AsObject().Remove("history");
        }

        Assert.Equal(without.ToJsonString(), rest.ToJsonString());
    }

    [Theory]
    [InlineData("?history=perhaps")]
    [InlineData("?history=true&history=true")]
    [InlineData("?histroy=true")]
    public async Task A_misspelt_wish_for_history_is_a_problem(string query)
    {
        var answer = await StatusAsync(query);

        Assert.Equal((400, "invalid-parameter"), (answer.Status, answer.ProblemType));
    }

    [Theory]
    [InlineData("", "acronis/branch", "acronis/default", "veeam/default")]
    [InlineData("?vendor=Veeam", "veeam/default")]
    public async Task Connections_are_listed_by_name_only(string query, params string[] names)
    {
        var answer = await ConnectionsAsync(query);

        Assert.Equal((200, "no-store"), (answer.Status, answer.Headers.CacheControl.ToString()));
        var connections = answer.Json["connections"]!.AsArray();
        Assert.Equal(names, connections.Select(one => (string?)one!["name"]));
        Assert.All(connections, one =>
            Assert.Equal(
                $$"""{"vendor":"{{one!["vendor"]}}","connection":"{{one["connection"]}}","name":"{{one["vendor"]}}/{{one["connection"]}}"}""",
                one.ToJsonString()
            )
        );
    }

    [Theory]
    [InlineData("?vendor=nobody", 404, "unknown-vendor")]
    [InlineData("?vendor=", 404, "unknown-vendor")]
    [InlineData("?vendor=<b>", 404, "unknown-vendor")]
    [InlineData("?vendor=acronis&vendor=veeam", 400, "invalid-parameter")]
    public async Task An_unknown_vendor_is_a_problem(string query, int status, string type)
    {
        var answer = await ConnectionsAsync(query);

        Assert.Equal((status, type), (answer.Status, answer.ProblemType));
        Assert.DoesNotContain("<b>", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_names_nothing_and_fails_when_the_host_stops()
    {
        using var stopping = new CancellationTokenSource();
        _lifetime.Setup(lifetime => lifetime.ApplicationStopping).Returns(stopping.Token);

        var alive = await Answer.OfAsync(Handlers().Health(), _context);
        await stopping.CancelAsync();
        var ending = await Answer.OfAsync(Handlers().Health(), new DefaultHttpContext());

        Assert.Equal(
            (200, """{"alive":true}""", "no-store"),
            (alive.Status, alive.Body, alive.Headers.CacheControl.ToString())
        );
        Assert.Equal((503, """{"alive":false}"""), (ending.Status, ending.Body));
    }

    [Fact]
    public async Task A_fault_is_a_500_without_details()
    {
        _source.Setup(source => source.Unreadable).Throws(new NotSupportedException("our own mistake 4712"));

        var answer = await StatusAsync();

        Assert.Equal((500, "internal-error"), (answer.Status, answer.ProblemType));
        Assert.DoesNotContain("4712", answer.Body, StringComparison.Ordinal);
        Assert.Contains(SuiteLog.Recorder.Events, one =>
            one.EventId.Id == 2003 && one.Exception?.Contains("4712", StringComparison.Ordinal) == true
        );
    }

    private StatusHandlers Handlers() => _services.GetRequiredService<StatusHandlers>();

    private async Task<Answer> StatusAsync(string query = "")
    {
        _context.Request.QueryString = new QueryString(query);
        return await Answer.OfAsync(await Handlers().StatusAsync(_context.Request, CancellationToken.None), _context);
    }

    private async Task<Answer> ConnectionsAsync(string query)
    {
        _context.Request.QueryString = new QueryString(query);
        return await Answer.OfAsync(
            await Handlers().ConnectionsAsync(_context.Request, CancellationToken.None),
            _context
        );
    }

    private ValueTask RecordAsync(string vendor, string connection, LedgerEntry entry) =>
        _services
            .GetRequiredService<ILedger>()
            .UpdateAsync(new ConnectionKey(vendor, connection), _ => entry, CancellationToken.None);
}
