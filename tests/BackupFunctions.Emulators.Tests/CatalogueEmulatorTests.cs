using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators.Tests;

/// <summary>The vendors with client credentials that have quirks of their own.</summary>
public sealed class CatalogueEmulatorTests
{
    [Fact]
    public async Task Druva_takes_id_and_secret_unencoded_and_its_tokens_live_for_15_minutes()
    {
        await using var station = await Station.StartAsync(options => new DruvaEmulator(options));
        var (id, secret) = (station.Emulator.ClientId, station.Emulator.ClientSecret);

        var reply = await DruvaAsync(station, id, secret).JsonAsync();
        using var encoded = await DruvaAsync(station, Uri.EscapeDataString(id), secret);

        Assert.Equal(900, reply.Number("expires_in"));
        Assert.NotEqual(id, Uri.EscapeDataString(id));
        Assert.Equal(HttpStatusCode.Unauthorized, encoded.StatusCode);
    }

    [Fact]
    public async Task Druva_answers_an_expired_token_with_403()
    {
        await using var station = await Station.StartAsync(options => new DruvaEmulator(options));
        var token = await DruvaAsync(station, station.Emulator.ClientId, station.Emulator.ClientSecret).TokenAsync();

        using var before = await station.GetAsync("/msp/v3/customers", token);
        station.Time.Advance(TimeSpan.FromMinutes(15));
        using var after = await station.GetAsync("/msp/v3/customers", token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (before.StatusCode, after.StatusCode));
    }

    [Fact]
    public async Task Rubrik_takes_JSON_only_and_states_no_token_type()
    {
        await using var station = await Station.StartAsync(options => new RubrikEmulator(options));

        var reply = await RubrikAsync(station).JsonAsync();
        using var form = await station.PostFormAsync(
            "/api/client_token",
            ("grant_type", "client_credentials"),
            ("client_id", station.Emulator.ClientId),
            ("client_secret", station.Emulator.ClientSecret)
        );

        Assert.Equal(43_200, reply.Number("expires_in"));
        Assert.Null(reply["token_type"]);
        Assert.Equal(HttpStatusCode.BadRequest, form.StatusCode);
        Assert.True(station.Emulator.IsLive(reply.Text("access_token")));
    }

    [Fact]
    public async Task Rubrik_ends_a_session()
    {
        await using var station = await Station.StartAsync(options => new RubrikEmulator(options));
        var token = await RubrikAsync(station).TokenAsync();

        using var called = await station.SendAsync(HttpMethod.Post, "/api/graphql", token, "{}");
        using var ended = await station.SendAsync(HttpMethod.Delete, "/api/session", token);
        using var after = await station.SendAsync(HttpMethod.Post, "/api/graphql", token, "{}");

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.Unauthorized),
            (called.StatusCode, ended.StatusCode, after.StatusCode)
        );
    }

    [Fact]
    public async Task N_central_takes_the_API_token_as_the_bearer_and_nests_its_reply()
    {
        await using var station = await Station.StartAsync(options => new NCentralEmulator(options));

        var reply = await station
            .SendAsync(HttpMethod.Post, "/api/auth/authenticate", station.Emulator.ApiToken)
            .JsonAsync();
        var access = reply["tokens"]!["access"]!.AsObject();
        using var called = await station.GetAsync("/api/auth/validate", access.Text("token"));
        using var refused = await station.SendAsync(HttpMethod.Post, "/api/auth/authenticate", "wrong");

        Assert.Equal(3600, access.Number("expirySeconds"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (called.StatusCode, refused.StatusCode));
        Assert.Equal(1, station.Emulator.Counters.RefusedSignIns);
    }

    [Fact]
    public void A_seed_replays_the_secrets_of_these_vendors()
    {
        static string Secret(int? seed) => EmulatedCredentials.Generate(TimeProvider.System, seed).SecretOf("druva");

        Assert.Equal(Secret(7), Secret(7));
        Assert.NotEqual(Secret(7), Secret(8));
        Assert.NotEqual(Secret(null), Secret(null));
    }

    private static Task<HttpResponseMessage> DruvaAsync(Station<DruvaEmulator> station, string id, string secret) =>
        station.PostFormAsync(
            "/msp/auth/v1/token",
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"))),
            ("grant_type", "client_credentials")
        );

    private static Task<HttpResponseMessage> RubrikAsync(Station<RubrikEmulator> station) =>
        SendJsonAsync(
            station,
            "/api/client_token",
            new()
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = station.Emulator.ClientId,
                ["client_secret"] = station.Emulator.ClientSecret,
            }
        );

    private static Task<HttpResponseMessage> SendJsonAsync<T>(Station<T> station, string path, JsonObject body)
        where T : Emulator =>
        station.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) });
}
