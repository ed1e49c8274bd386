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
    private const StringComparison Exact = StringComparison.Ordinal;
    private const string Tenant = "11111111-2222-3333-4444-555555555555";

    private static readonly HostingPlatform Trusted = new(IsLocal: false, AuthenticatesCallers: true);

    private readonly TokenWorld _world = new();

    [Fact]
    public async Task Each_issued_token_is_one_event_with_its_caller_and_expiry()
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
        Assert.Equal(
            $"Token {token.Fingerprint} for fake/default issued to ann@contoso.com (object 0f3c, application 77aa); "
                + "expires 2026-11-22T13:00:00Z.",
            front.Audited[1].Message
        );
        Assert.Contains($" for fake/default, tenant {Tenant} issued to ", front.Audited[0].Message, Exact);
    }

    [Theory]
    [InlineData(true, "local", "a local caller")]
    [InlineData(false, "key", "a caller with a function key")]
    public async Task The_header_is_ignored_unless_the_platform_verifies_callers(bool local, string kind, string words)
    {
        var front = new Front(_world, new HostingPlatform(local, AuthenticatesCallers: false));
        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of([], ("oid", "forged"));

        await front.GetAsync();

        var issued = Assert.Single(front.Audited);
        var fields = Fields(issued);
        Assert.Equal((kind, "null"), (fields["CallerKind"], fields["CallerId"]));
        Assert.Contains($" issued to {words}; expires ", issued.Message, Exact);
    }

    [Fact]
    public async Task A_request_that_gets_no_token_is_not_an_event()
    {
        var front = new Front(_world);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);

        await front.GetAsync();
        await front.GetAsync("nobody");
        await front.GetAsync(query: "?refresh=perhaps");

        Assert.Empty(front.Audited);
    }

    [Fact]
    public async Task A_refresh_is_an_event_whether_it_succeeds_or_not()
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
        Assert.Equal(
            "Refresh of fake/default by a caller with a function key: server-not-trusted.",
            front.Audited[1].Message
        );
    }

    [Fact]
    public void Enrolment_and_sign_out_have_their_own_events()
    {
        var log = new LogRecorder();
        var audit = new AuditTrail(LoggerFactory.Create(logging => logging.AddRecorder(log)));

        audit.Enrolled(Caller.Key, new ConnectionKey("veeam", "berlin"), "ok", "0123456789abcdef");
        audit.SignedOut(Caller.Local, new ConnectionKey("veeam", "berlin"), "vendor-unavailable");

        Assert.Equal([1303, 1304], log.Events.Select(one => one.EventId.Id));
        Assert.Equal(
            [
                "Enrolment of veeam/berlin by a caller with a function key: ok, token 0123456789abcdef.",
                "Sign-out of veeam/berlin by a local caller: vendor-unavailable.",
            ],
            log.Events.Select(one => one.Message)
        );
        Assert.All(log.Events, one =>
            Assert.Equal(("BackupFunctions.Audit", "veeam/berlin"), (one.Category, Fields(one)["Connection"]))
        );
    }

    [Fact]
    public async Task A_refusal_is_an_event_with_the_caller_the_path_and_the_roles_required()
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
        Assert.StartsWith("/api/GetToken/fake denied to Ann", refused.Message, Exact);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.DoesNotContain("the-key", refused.Message, Exact);
    }

    private static Dictionary<string, string> Fields(RecordedEvent one) =>
        one.Values.ToDictionary(value => value.Key, value => value.Value);
}
