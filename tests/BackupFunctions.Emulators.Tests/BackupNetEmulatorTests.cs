using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace BackupFunctions.Emulators.Tests;

public sealed class BackupNetEmulatorTests
{
    [Fact]
    public async Task The_discovered_token_endpoint_issues_a_token_that_the_API_accepts()
    {
        await using var station = await StartAsync();
        var document = await station.GetAsync("/.well-known/openid-configuration").JsonAsync();

        var reply = await SignInAsync(station, document.Text("token_endpoint")).JsonAsync();
        using var customers = await station.GetAsync("/v1/customers", reply.Text("access_token"));
        using var refused = await station.GetAsync("/v1/customers", "other");

        Assert.Equal(station.Emulator.BaseAddress.ToString().TrimEnd('/'), document.Text("issuer"));
        Assert.Equal(3600, reply.Number("expires_in"));
        Assert.False(reply.ContainsKey("refresh_token"));
        Assert.Equal(HttpStatusCode.OK, customers.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task Names_no_revocation_endpoint_and_has_none_unless_it_is_told_to()
    {
        await using var station = await StartAsync();

        var document = await station.GetAsync("/.well-known/openid-configuration").JsonAsync();
        using var reply = await RevokeAsync(station, "any", station.Emulator.ClientSecret);

        Assert.False(document.ContainsKey("revocation_endpoint"));
        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
    }

    [Fact]
    public async Task Revokes_a_token_for_its_client_and_answers_an_unknown_one_alike()
    {
        await using var station = await StartAsync();
        station.Emulator.RevokesTokens = true;
        var document = await station.GetAsync("/.well-known/openid-configuration").JsonAsync();
        var token = (await SignInAsync(station).JsonAsync()).Text("access_token");

        using var refused = await RevokeAsync(station, token, "another");
        var lived = station.Emulator.IsLive(token);
        using var revoked = await RevokeAsync(station, token, station.Emulator.ClientSecret);
        using var unknown = await RevokeAsync(station, "no token", station.Emulator.ClientSecret);

        Assert.EndsWith("/connect/revocation", document.Text("revocation_endpoint"));
        Assert.Equal("invalid_client", (await refused.JsonAsync()).Text("error"));
        Assert.Equal((true, false), (lived, station.Emulator.IsLive(token)));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (revoked.StatusCode, unknown.StatusCode));
        Assert.Equal(3, station.Emulator.Counters[Endpoints.Revocation]);
    }

    private static Task<HttpResponseMessage> RevokeAsync(
        Station<BackupNetEmulator> station,
        string token,
        string secret
    ) =>
        station.PostFormAsync(
            "/connect/revocation",
            ("token", token),
            ("client_id", station.Emulator.ClientId),
            ("client_secret", secret)
        );

    [Fact]
    public async Task Refuses_the_secret_in_Basic()
    {
        await using var station = await StartAsync();
        var basic = Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"{station.Emulator.ClientId}:{station.Emulator.ClientSecret}")
        );

        using var reply = await station.PostFormAsync(
            "/connect/token",
            new AuthenticationHeaderValue("Basic", basic),
            ("grant_type", "client_credentials")
        );

        Assert.Equal("invalid_client", (await reply.JsonAsync()).Text("error"));
    }

    [Fact]
    public async Task Refuses_a_secret_that_was_rotated_and_a_client_that_is_disabled()
    {
        await using var station = await StartAsync();
        station.Emulator.ClientSecret = "rotated";
        using var old = await SignInAsync(station, secret: station.Credentials.BackupNetClientSecret);
        station.Emulator.ClientDisabled = true;

        using var disabled = await SignInAsync(station);

        Assert.Equal("invalid_client", (await old.JsonAsync()).Text("error"));
        Assert.Equal("invalid_client", (await disabled.JsonAsync()).Text("error"));
        Assert.Equal(2, station.Emulator.Counters.RefusedSignIns);
    }

    [Fact]
    public async Task Refuses_other_grants()
    {
        await using var station = await StartAsync();

        var reply = await SignInAsync(station, grant: "password").JsonAsync();

        Assert.Equal("unsupported_grant_type", reply.Text("error"));
    }

    [Fact]
    public async Task Discovery_can_claim_another_issuer_and_another_token_endpoint()
    {
        await using var station = await StartAsync();
        (station.Emulator.Issuer, station.Emulator.TokenEndpoint) = (
            "https://evil.example",
            new Uri("https://evil.example/connect/token")
        );

        var document = await station.GetAsync("/.well-known/openid-configuration").JsonAsync();

        Assert.Equal("https://evil.example", document.Text("issuer"));
        Assert.Equal("https://evil.example/connect/token", document.Text("token_endpoint"));
    }

    [Fact]
    public async Task The_key_set_can_be_broken_while_tokens_are_issued()
    {
        await using var station = await StartAsync();
        var document = await station.GetAsync("/.well-known/openid-configuration").JsonAsync();
        var keys = await station.GetAsync(document.Text("jwks_uri")).JsonAsync();
        station.Emulator.BrokenKeySet = true;

        using var broken = await station.GetAsync(document.Text("jwks_uri"));
        using var issued = await SignInAsync(station);

        Assert.Equal("EC", keys["keys"]![0]!["kty"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.Equal(HttpStatusCode.OK, issued.StatusCode);
    }

    private static Task<Station<BackupNetEmulator>> StartAsync() =>
        Station.StartAsync(static options => new BackupNetEmulator(options));

    private static Task<HttpResponseMessage> SignInAsync(
        Station<BackupNetEmulator> station,
        string path = "/connect/token",
        string? secret = null,
        string grant = "client_credentials"
    ) =>
        station.PostFormAsync(
            path,
            ("grant_type", grant),
            ("client_id", station.Emulator.ClientId),
            ("client_secret", secret ?? station.Emulator.ClientSecret)
        );
}
