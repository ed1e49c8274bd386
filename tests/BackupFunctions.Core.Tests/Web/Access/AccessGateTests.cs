using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Settings;
using BackupFunctions.Web.Access;
using Microsoft.Extensions.Primitives;

namespace BackupFunctions.Core.Tests.Web.Access;

public sealed class AccessGateTests
{
    private static readonly HostingPlatform Trusted = new(IsLocal: false, AuthenticatesCallers: true);

    private readonly TokenWorld _world = new(furtherConnections: ["berlin"]);

    public static TheoryData<StringValues> Unreadable =>
        new(
            new StringValues(""),
            new StringValues("not base64!"),
            new StringValues(Principal.Encode("not json")),
            new StringValues(Principal.Encode("[]")),
            new StringValues(
                Principal.Encode("""{"auth_typ":"aad","claims":{"typ":"roles","val":"Token.Read.All"}}""")
            ),
            new StringValues(Principal.Encode("""{"auth_typ":"aad","claims":["Token.Read.All"]}""")),
            new StringValues(Principal.Of(["Token.Read.All"], "roles", "roles", "github")),
            new StringValues(Principal.Of(["Token.Read.All", new string('x', PrincipalHeader.LongestValue)])),
            new StringValues([Principal.Of(["Token.Read.All"]), Principal.Of(["Token.Read.All"])])
        );

    [Theory]
    [InlineData("Token.Read.All", "default", 200)]
    [InlineData("Token.Read.fake", "default", 200)]
    [InlineData("Token.Read.FAKE", "default", 200)]
    [InlineData("Token.Read.fake.default", null, 200)]
    [InlineData("Token.Read.Fake.Berlin", "BERLIN", 200)]
    [InlineData("Token.Read.fake.default", "berlin", 403)]
    [InlineData("Token.Read.fake.berlin", "default", 403)]
    [InlineData("Token.Read.veeam", "default", 403)]
    [InlineData("Token.Read.fak", "default", 403)]
    [InlineData("Token.Read.fake ", "default", 403)]
    [InlineData("Token.Read.fake.", "default", 403)]
    [InlineData("token.read.fake", "default", 403)]
    [InlineData("Token.Read.all", "default", 403)]
    [InlineData("Token.Read.*", "default", 403)]
    [InlineData("Connections.Manage", "default", 403)]
    [InlineData("Connections.Read", "default", 403)]
    public async Task A_token_needs_the_role_of_its_connection_of_its_vendor_or_of_all(
        string role,
        string? connection,
        int status
    )
    {
        var front = new Front(_world, Trusted, requiresRoles: true);
        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of(["Some.Other.Role", role]);

        var answer = await front.GetAsync(connection: connection);

        Assert.Equal(status, answer.Status);
        if (status == 403)
            Assert.Equal("forbidden", answer.ProblemType);
    }

    [Theory]
    [InlineData("Call.All", true, true)]
    [InlineData("Call.veeam", true, true)]
    [InlineData("Call.Veeam.Berlin", true, true)]
    [InlineData("Call.Read.All", true, false)]
    [InlineData("Call.Read.veeam", true, false)]
    [InlineData("Call.Read.VEEAM.berlin", true, false)]
    [InlineData("Call.veeam.office", false, false)]
    [InlineData("Call.Read.veeam.office", false, false)]
    [InlineData("Call.acronis", false, false)]
    [InlineData("Call.Read", false, false)]
    [InlineData("call.veeam", false, false)]
    [InlineData("Call.Read.all", false, false)]
    [InlineData("Token.Read.All", false, false)]
    [InlineData("Connections.Manage", false, false)]
    public void A_call_needs_a_role_and_one_that_changes_something_more_than_a_readers(
        string role,
        bool reads,
        bool writes
    )
    {
        var caller = new Caller("principal") { Roles = [role] };

        Assert.Equal(
            (reads, writes),
            (
                Permission.Call("veeam", "berlin", isRead: true).IsGrantedTo(caller),
                Permission.Call("veeam", "berlin", isRead: false).IsGrantedTo(caller)
            )
        );
        Assert.False(
            Permission.ReadToken("veeam", "berlin").IsGrantedTo(caller)
                && role.StartsWith("Call", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("Connections.Manage", true, true)]
    [InlineData("Connections.Read", false, true)]
    [InlineData("connections.manage", false, false)]
    [InlineData("Token.Read.All", false, false)]
    public void Managers_may_read_connections(string role, bool manages, bool reads)
    {
        var caller = new Caller("principal") { Roles = [role] };

        Assert.Equal(
            (manages, reads),
            (Permission.Manage.IsGrantedTo(caller), Permission.ReadConnections.IsGrantedTo(caller))
        );
    }

    [Theory]
    [InlineData(Admission.AppRoles, "anonymous")]
    [InlineData(Admission.KeysAndAppRoles, "key")]
    public async Task A_caller_without_a_token_is_told_which_audience_to_request(Admission admission, string kind)
    {
        var front = new Front(_world, Trusted, access: new AccessOptions(admission, "6c1f"));

        var answer = await front.GetAsync();

        Assert.Equal((401, "unauthenticated"), (answer.Status, answer.ProblemType));
        Assert.Equal("Bearer resource_id=\"api://6c1f\"", front.Context.Response.Headers.WWWAuthenticate);
        Assert.Contains("a bearer token for api://6c1f from", answer.Body, StringComparison.Ordinal);
        Assert.Equal(kind, Assert.Single(front.Audited).Values.Single(value => value.Key == "CallerKind").Value);
    }

    [Theory]
    [InlineData("cross-site", null, 403)]
    [InlineData("same-site", null, 403)]
    [InlineData("cross-site", "Bearer eyJ", 200)]
    [InlineData("same-origin", null, 200)]
    [InlineData("none", null, 200)]
    [InlineData(null, null, 200)]
    public async Task Without_keys_no_page_of_another_site_can_use_the_cookie_of_who_is_signed_in(
        string? site,
        string? authorization,
        int status
    )
    {
        var front = new Front(_world, Trusted, access: new AccessOptions(Admission.AppRoles));
        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of(["Token.Read.All", "Connections.Manage"]);
        if (site is not null)
            front.Context.Request.Headers["Sec-Fetch-Site"] = site;
        if (authorization is not null)
            front.Context.Request.Headers.Authorization = authorization;

        Assert.Equal(status, (await front.RefreshAsync()).Status);
    }

    [Fact]
    public async Task With_keys_the_key_is_what_no_other_site_has()
    {
        var front = new Front(_world, Trusted, access: new AccessOptions(Admission.KeysAndAppRoles));
        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of(["Token.Read.All"]);
        front.Context.Request.Headers["Sec-Fetch-Site"] = "cross-site";

        Assert.Equal(200, (await front.GetAsync()).Status);
    }

    [Fact]
    public async Task A_refresh_needs_the_managers_role()
    {
        var front = new Front(_world, Trusted, requiresRoles: true);

        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of(["Token.Read.All"]);
        var reader = await front.RefreshAsync();
        var callsOfReader = _world.Vendor.Calls;
        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of(["Connections.Manage"]);
        var manager = await front.RefreshAsync();

        Assert.Equal((403, 0, 200), (reader.Status, callsOfReader, manager.Status));
    }

    [Theory]
    [InlineData("http://schemas.microsoft.com/ws/2008/06/identity/claims/role", "whatever")]
    [InlineData("custom", "custom")]
    [InlineData("roles", "custom")]
    public async Task Roles_are_read_from_the_claim_type_the_header_names_and_from_the_usual_ones(
        string claim,
        string roleType
    )
    {
        var front = new Front(_world, Trusted, requiresRoles: true);
        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of(["Token.Read.All"], claim, roleType, "aad");

        Assert.Equal(200, (await front.GetAsync()).Status);
    }

    [Fact]
    public async Task A_claim_of_another_type_is_not_a_role()
    {
        var front = new Front(_world, Trusted, requiresRoles: true);
        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of([], ("scp", "Token.Read.All"));

        Assert.Equal(403, (await front.GetAsync()).Status);
    }

    [Fact]
    public async Task An_unknown_caller_gets_401_with_a_challenge()
    {
        var front = new Front(_world, Trusted, requiresRoles: true);

        var answer = await front.GetAsync();

        Assert.Equal(
            (401, "unauthenticated", "Bearer"),
            (answer.Status, answer.ProblemType, answer.Headers.WWWAuthenticate.ToString())
        );
        Assert.Equal("no-store", answer.Headers.CacheControl);
        Assert.Equal(0, _world.Vendor.Calls);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_header_without_a_valid_principal_is_401_whether_roles_are_required_or_not(StringValues header)
    {
        foreach (var requiresRoles in new[] { true, false })
        {
            var front = new Front(_world, Trusted, requiresRoles);
            front.Context.Request.Headers[PrincipalHeader.Name] = header;

            var answer = await front.GetAsync();

            Assert.Equal((401, "unauthenticated"), (answer.Status, answer.ProblemType));
        }
    }

    [Fact]
    public async Task Without_the_setting_a_key_is_enough_even_with_authentication_on() =>
        Assert.Equal(200, (await new Front(_world, Trusted).GetAsync()).Status);

    [Fact]
    public async Task Without_the_role_an_unknown_connection_looks_like_a_known_one()
    {
        var front = new Front(_world, Trusted, requiresRoles: true);
        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of(["Token.Read.veeam"]);

        var (known, unknown, noVendor) = (
            await front.GetAsync(),
            await front.GetAsync(connection: "nowhere"),
            await front.GetAsync("nobody")
        );

        Assert.Equal((403, 403, 403), (known.Status, unknown.Status, noVendor.Status));
    }

    [Fact]
    public async Task A_name_with_markup_is_not_echoed()
    {
        var front = new Front(_world, Trusted, requiresRoles: true);
        front.Context.Request.Headers[PrincipalHeader.Name] = Principal.Of(["Token.Read.<script>"]);

        var answer = await front.GetAsync("<script>");

        Assert.Equal(403, answer.Status);
        Assert.DoesNotContain("script", answer.Body, StringComparison.Ordinal);
    }
}
