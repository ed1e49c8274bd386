using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace BackupFunctions.Emulators.Tests;

public sealed class AcronisEmulatorTests
{
    private const string Path = "/api/2/idp/token";

    [Theory]
    [InlineData(AcronisProduct.CyberProtectCloud, "/api/2/idp/token", "/bc/idp/token")]
    [InlineData(AcronisProduct.CyberApp, "/bc/idp/token", "/api/2/idp/token")]
    public async Task Issues_a_token_at_the_path_of_its_product_alone(AcronisProduct product, string path, string other)
    {
        await using var station = await Station.StartAsync(options => new AcronisEmulator(product, options));

        using var found = await SignInAsync(station, path);
        using var missing = await SignInAsync(station, other);

        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.True(found.Headers.CacheControl!.NoStore);
        Assert.True(station.Emulator.IsLive((await found.JsonAsync()).Text("access_token")));
    }

    [Fact]
    public async Task A_token_lives_two_hours_and_no_longer()
    {
        await using var station = await StartAsync();
        var token = await SignInAsync(station).TokenAsync();

        station.Time.Advance(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        var before = await CallAsync(station, token);
        station.Time.Advance(TimeSpan.FromSeconds(1));
        var after = await CallAsync(station, token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before, after));
        Assert.False(station.Emulator.IsLive(token));
        Assert.Equal(station.Now, station.Emulator.ExpiresAt(token));
    }

    [Theory]
    [InlineData(AcronisExpiry.ExpiresOn, true, false)]
    [InlineData(AcronisExpiry.ExpiresIn, false, true)]
    [InlineData(AcronisExpiry.Both, true, true)]
    [InlineData(AcronisExpiry.None, false, false)]
    public async Task Says_when_the_token_expires_in_the_chosen_way(AcronisExpiry expiry, bool on, bool within)
    {
        await using var station = await StartAsync();
        station.Emulator.Expiry = expiry;

        var reply = await SignInAsync(station).JsonAsync();

        Assert.Equal(on ? station.Now.AddHours(2).ToUnixTimeSeconds() : null, reply["expires_on"]?.GetValue<long>());
        Assert.Equal(within ? 7200 : null, reply["expires_in"]?.GetValue<long>());
        Assert.Equal("bearer", reply.Text("token_type"));
        Assert.NotEmpty(reply.Text("id_token"));
    }

    [Fact]
    public async Task Tokens_are_JWTs_that_tell_the_truth_or_say_nothing()
    {
        await using var station = await StartAsync();
        var jwt = await SignInAsync(station).TokenAsync();
        station.Emulator.TokenFormat = TokenFormat.Opaque;

        var opaque = await SignInAsync(station).TokenAsync();

        Assert.Equal(station.Now.ToUnixTimeSeconds(), Replies.Claims(jwt).Number("iat"));
        Assert.Equal(station.Now.AddHours(2).ToUnixTimeSeconds(), Replies.Claims(jwt).Number("exp"));
        Assert.DoesNotContain('.', opaque);
        Assert.Equal(2, station.Emulator.IssuedTokens);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Accepts_a_secret_in_Basic_encoded_or_not(bool encode)
    {
        await using var station = await StartAsync();
        station.Emulator.ClientSecret = "a b+c/d%2B:é";
        var secret = encode ? WebUtility.UrlEncode(station.Emulator.ClientSecret) : station.Emulator.ClientSecret;

        using var reply = await SignInAsync(station, authorization: Basic(station.Emulator.ClientId, secret));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Fact]
    public async Task Accepts_the_secret_in_the_body()
    {
        await using var station = await StartAsync();

        using var reply = await station.PostFormAsync(
            Path,
            ("grant_type", "client_credentials"),
            ("client_id", station.Emulator.ClientId),
            ("client_secret", station.Emulator.ClientSecret)
        );

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Fact]
    public async Task Refuses_a_wrong_secret_with_401()
    {
        await using var station = await StartAsync();
        station.Emulator.ClientSecret = "rotated";

        using var reply = await SignInAsync(station, authorization: Basic(station.Emulator.ClientId, "old"));

        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
        Assert.Equal("invalid_client", (await reply.JsonAsync()).Text("error"));
        Assert.Equal("Basic", reply.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(1, station.Emulator.Counters.RefusedSignIns);
    }

    [Fact]
    public async Task A_disabled_client_gets_401_everywhere()
    {
        await using var station = await StartAsync();
        var token = await SignInAsync(station).TokenAsync();
        station.Emulator.ClientDisabled = true;

        using var reply = await SignInAsync(station);

        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(station, token));
        Assert.False(station.Emulator.IsLive(token));
    }

    [Theory]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("", "invalid_request")]
    public async Task Refuses_other_grants_with_400(string grant, string error)
    {
        await using var station = await StartAsync();

        using var reply = await station.PostFormAsync(Path, Own(station), ("grant_type", grant));

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Equal(error, (await reply.JsonAsync()).Text("error"));
    }

    [Fact]
    public async Task Refuses_what_is_no_form_or_repeats_a_field()
    {
        await using var station = await StartAsync();

        using var json = await station.SendAsync(HttpMethod.Post, Path, json: "{}");
        using var repeated = await station.PostFormAsync(
            Path,
            Own(station),
            ("grant_type", "client_credentials"),
            ("grant_type", "client_credentials")
        );

        Assert.Equal("invalid_request", (await json.JsonAsync()).Text("error"));
        Assert.Equal("invalid_request", (await repeated.JsonAsync()).Text("error"));
    }

    [Fact]
    public async Task Revoked_tokens_stop_working_before_they_expire()
    {
        await using var station = await StartAsync();
        var token = await SignInAsync(station).TokenAsync();

        station.Emulator.RevokeAllTokens();

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(station, token));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(station, await SignInAsync(station).TokenAsync()));
    }

    [Fact]
    public async Task A_clock_that_is_off_shows_in_dates_and_expiry_and_decides_when_tokens_end()
    {
        await using var station = await StartAsync();
        station.Emulator.ClockOffset = TimeSpan.FromMinutes(7);

        using var reply = await SignInAsync(station);
        var body = await reply.JsonAsync();
        var token = body.Text("access_token");

        Assert.Equal(station.Now.AddMinutes(7), reply.Headers.Date);
        Assert.Equal(station.Now.AddMinutes(127).ToUnixTimeSeconds(), body.Number("expires_on"));
        Assert.Equal(station.Now.AddMinutes(7).ToUnixTimeSeconds(), Replies.Claims(token).Number("iat"));
        station.Emulator.ClockOffset += TimeSpan.FromHours(2);
        Assert.False(station.Emulator.IsLive(token));
    }

    [Fact]
    public async Task A_scoped_token_reaches_its_own_tenant_alone()
    {
        await using var station = await StartAsync();
        var other = new Guid("11111111-2222-3333-4444-555555555555");
        station.Emulator.Tenants.Add(other);
        var scoped = await ScopeAsync(
                station,
                await SignInAsync(station).TokenAsync(),
                AcronisEmulator.DemoTenant.ToString()
            )
            .TokenAsync();

        using var own = await station.GetAsync($"/api/2/tenants/{AcronisEmulator.DemoTenant}", scoped);
        using var foreign = await station.GetAsync($"/api/2/tenants/{other}", scoped);

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    [Fact]
    public async Task A_scoped_token_dies_with_its_base_token()
    {
        await using var station = await StartAsync();
        var basis = await SignInAsync(station).TokenAsync();
        station.Time.Advance(TimeSpan.FromHours(1.5));
        var young = await SignInAsync(station).TokenAsync();

        var scoped = await ScopeAsync(station, basis, AcronisEmulator.DemoTenant.ToString()).TokenAsync();
        var scopedByYoung = await ScopeAsync(station, young, AcronisEmulator.DemoTenant.ToString()).TokenAsync();

        Assert.Equal(station.Now.AddMinutes(30), station.Emulator.ExpiresAt(scoped));
        Assert.True(station.Emulator.IsLive(scopedByYoung));
        station.Emulator.Revoke(young);
        Assert.False(station.Emulator.IsLive(scopedByYoung));
        Assert.True(station.Emulator.IsLive(scoped));
    }

    [Fact]
    public async Task A_scoped_reply_may_overstate_the_lifetime()
    {
        await using var station = await StartAsync();
        (station.Emulator.Expiry, station.Emulator.OverstateScopedLifetime) = (AcronisExpiry.ExpiresIn, true);
        var basis = await SignInAsync(station).TokenAsync();
        station.Time.Advance(TimeSpan.FromHours(1.5));

        var reply = await ScopeAsync(station, basis, AcronisEmulator.DemoTenant.ToString()).JsonAsync();

        Assert.Equal(7200, reply.Number("expires_in"));
        Assert.Equal(station.Now.AddMinutes(30), station.Emulator.ExpiresAt(reply.Text("access_token")));
    }

    [Theory]
    [InlineData("99999999-2222-3333-4444-555555555555", HttpStatusCode.Forbidden, "access_denied")]
    [InlineData("no-uuid", HttpStatusCode.BadRequest, "invalid_scope")]
    public async Task Refuses_a_tenant_that_is_unknown_or_none(string tenant, HttpStatusCode status, string error)
    {
        await using var station = await StartAsync();

        using var reply = await ScopeAsync(station, await SignInAsync(station).TokenAsync(), tenant);

        Assert.Equal(status, reply.StatusCode);
        Assert.Equal(error, (await reply.JsonAsync()).Text("error"));
    }

    [Fact]
    public async Task Scopes_only_a_live_base_token_that_is_also_the_assertion()
    {
        await using var station = await StartAsync();
        var basis = await SignInAsync(station).TokenAsync();
        var tenant = AcronisEmulator.DemoTenant.ToString();

        using var otherAssertion = await ScopeAsync(station, basis, tenant, assertion: "other");
        using var unknown = await ScopeAsync(station, "unknown", tenant);
        using var scopedAgain = await ScopeAsync(
            station,
            await ScopeAsync(station, basis, tenant).TokenAsync(),
            tenant
        );

        Assert.Equal("invalid_grant", (await otherAssertion.JsonAsync()).Text("error"));
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, scopedAgain.StatusCode);
    }

    private static Task<Station<AcronisEmulator>> StartAsync() =>
        Station.StartAsync(static options => new AcronisEmulator(AcronisProduct.CyberProtectCloud, options));

    private static Task<HttpResponseMessage> SignInAsync(
        Station<AcronisEmulator> station,
        string path = Path,
        AuthenticationHeaderValue? authorization = null
    ) => station.PostFormAsync(path, authorization ?? Own(station), ("grant_type", "client_credentials"));

    private static Task<HttpResponseMessage> ScopeAsync(
        Station<AcronisEmulator> station,
        string basis,
        string tenant,
        string? assertion = null
    ) =>
        station.PostFormAsync(
            Path,
            new AuthenticationHeaderValue("Bearer", basis),
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", assertion ?? basis),
            ("scope", $"urn:acronis.com:tenant-id:{tenant}")
        );

    private static async Task<HttpStatusCode> CallAsync(Station<AcronisEmulator> station, string token)
    {
        using var reply = await station.GetAsync($"/api/2/clients/{station.Emulator.ClientId}", token);
        return reply.StatusCode;
    }

    private static AuthenticationHeaderValue Own(Station<AcronisEmulator> station) =>
        Basic(station.Emulator.ClientId, station.Emulator.ClientSecret);

    private static AuthenticationHeaderValue Basic(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
}
