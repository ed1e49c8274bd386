using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.Web.Access;
using BackupFunctions.Settings;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Audit;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Web.Audit;

public sealed class AuditTrailTests
{
    private const string Tenant = "11111111-2222-3333-4444-555555555555";

    private static readonly HostingPlatform Trusted = new(Caller.Key, AuthenticatesCallers: true);

    private readonly TokenWorld _world = new();

    [Fact]
    public async Task Every_hand_out_is_one_event_that_says_who_got_what_until_when()
    {
        var front = new Front(_world, Trusted);
        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of(
            [],
            ("oid", "0f3c"),
            ("azp", "77aa"),
            ("preferred_username", "ann@contoso.com")
        );

        await front.GetAsync(query: "?tenant=" + Tenant);
        await front.GetAsync();

        Assert.Equal(2, front.Audited.Count);
        Assert.All(front.Audited, one => Assert.Equal((1301, LogLevel.Information), (one.EventId.Id, one.Level)));
        var first = Fields(front.Audited[0]);
        Assert.Equal(
            ("principal", "0f3c", "ann@contoso.com", "77aa", "fake/default", Tenant),
            (
                first["CallerKind"],
                first["CallerId"],
                first["CallerName"],
                first["CallerApplication"],
                first["Connection"],
                first["Tenant"]
            )
        );
        var token = await _world.Process.GetAsync();
        Assert.Equal(token.Fingerprint, Fields(front.Audited[1])["Fingerprint"]);
        Assert.StartsWith("2026-11-22T13:00:00", token.ExpiresAt.ToString("O"), StringComparison.Ordinal);
        Assert.Contains("expires 2026-11-22T13:00:00", front.Audited[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "local")]
    [InlineData(false, "key")]
    public async Task Where_the_platform_verifies_nobody_the_header_is_not_believed(bool local, string caller)
    {
        var front = new Front(
            _world,
            local ? HostingPlatform.Local : new HostingPlatform(Caller.Key, AuthenticatesCallers: false)
        );
        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of([], ("oid", "forged"));

        await front.GetAsync();

        var fields = Fields(Assert.Single(front.Audited));
        Assert.Equal((caller, "null"), (fields["CallerKind"], fields["CallerId"]));
    }

    [Fact]
    public async Task What_brought_no_token_is_no_hand_out()
    {
        var front = new Front(_world);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);

        await front.GetAsync();
        await front.GetAsync("nobody");
        await front.GetAsync(query: "?refresh=perhaps");

        Assert.Empty(front.Audited);
    }

    [Fact]
    public async Task An_operators_refresh_is_an_event_whether_it_succeeds_or_not()
    {
        var front = new Front(_world);

        await front.RefreshAsync();
        _world.Advance(1);
        _world.Vendor.FailsOnce(FailureKind.ServerNotTrusted);
        await front.RefreshAsync();

        Assert.Equal([1302, 1302], front.Audited.Select(one => one.EventId.Id));
        Assert.Equal(["ok", "server-not-trusted"], front.Audited.Select(one => Fields(one)["Outcome"]));
        Assert.Equal(16, Fields(front.Audited[0])["Fingerprint"].Length);
        Assert.Equal("null", Fields(front.Audited[1])["Fingerprint"]);
    }

    [Fact]
    public void Enrolment_and_sign_out_have_events_of_their_own()
    {
        var log = new LogRecorder();
        var audit = new AuditTrail(LoggerFactory.Create(logging => logging.AddRecorder(log)));

        audit.Enrolled(Caller.Key, new ConnectionKey("veeam", "berlin"), "ok", "0123456789abcdef");
        audit.Revoked(Caller.Local, new ConnectionKey("veeam", "berlin"), "vendor-unavailable");

        Assert.Equal([1303, 1304], log.Events.Select(one => one.EventId.Id));
        Assert.All(log.Events, one =>
            Assert.Equal(("BackupFunctions.Audit", "veeam/berlin"), (one.Category, Fields(one)["Connection"]))
        );
    }

    [Fact]
    public async Task A_refusal_is_an_event_that_says_who_wanted_what_and_what_it_takes()
    {
        var front = new Front(_world, Trusted, requiresRoles: true);
        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of(
            ["Token.Read.veeam"],
            ("oid", "0f3c"),
            ("name", "Ann\r\nsays: all is well")
        );

        await front.GetAsync(query: "?code=the-key");

        var refused = Assert.Single(front.Audited);
        var fields = Fields(refused);
        Assert.Equal(
            (1305, "0f3c", "/api/GetToken/fake", "forbidden"),
            (refused.EventId.Id, fields["CallerId"], fields["Path"], fields["Reason"])
        );
        Assert.Equal("Token.Read.All or Token.Read.fake or Token.Read.fake.default", fields["Roles"]);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.DoesNotContain("the-key", refused.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Fields(RecordedEvent one) =>
        one.Values.ToDictionary(value => value.Key, value => value.Value);
}
