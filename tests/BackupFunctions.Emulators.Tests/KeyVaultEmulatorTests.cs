using System.Net;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators.Tests;

public sealed class KeyVaultEmulatorTests
{
    private const string Version = "?api-version=2025-07-01";

    [Fact]
    public async Task Challenges_a_request_without_a_token()
    {
        await using var station = await StartAsync();

        using var reply = await station.GetAsync("/secrets/token" + Version);

        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
        Assert.Matches(
            "^Bearer authorization=\"https://login\\.microsoftonline\\.com/[0-9a-f-]{36}\", "
                + "resource=\"https://vault\\.azure\\.net\"$",
            reply.Headers.WwwAuthenticate.ToString()
        );
        Assert.Equal("Unauthorized", (await reply.JsonAsync())["error"]!["code"]!.GetValue<string>());
        Assert.Equal(
            (1, 0),
            (station.Emulator.Counters[Endpoints.Challenge], station.Emulator.Counters[Endpoints.Get])
        );
    }

    [Fact]
    public async Task An_absent_secret_or_version_is_not_found()
    {
        await using var station = await StartAsync();
        station.Emulator.Secrets.Set("token", "1");

        using var secret = await station.GetAsync("/secrets/absent" + Version, "any");
        using var version = await station.GetAsync("/secrets/token/0123456789abcdef0123456789abcdef" + Version, "any");

        await AssertRefusedAsync(secret, HttpStatusCode.NotFound, "SecretNotFound");
        await AssertRefusedAsync(version, HttpStatusCode.NotFound, "SecretNotFound");
    }

    [Theory]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("a%0A")]
    public async Task A_name_of_other_characters_is_refused(string name)
    {
        await using var station = await StartAsync();

        using var reply = await PutAsync(station, name, "x");

        await AssertRefusedAsync(reply, HttpStatusCode.BadRequest, "BadParameter");
    }

    [Theory]
    [InlineData(127, HttpStatusCode.OK)]
    [InlineData(128, HttpStatusCode.BadRequest)]
    public async Task A_name_has_127_characters_at_most(int length, HttpStatusCode status)
    {
        await using var station = await StartAsync();

        using var reply = await PutAsync(station, new string('a', length), "x");

        Assert.Equal(status, reply.StatusCode);
    }

    [Theory]
    [InlineData(25_600, HttpStatusCode.OK)]
    [InlineData(25_601, HttpStatusCode.BadRequest)]
    public async Task A_value_has_25_KB_at_most(int length, HttpStatusCode status)
    {
        await using var station = await StartAsync();

        using var reply = await PutAsync(station, "token", new string('a', length));

        Assert.Equal(status, reply.StatusCode);
    }

    [Theory]
    [InlineData(15, 512, HttpStatusCode.OK)]
    [InlineData(16, 1, HttpStatusCode.BadRequest)]
    [InlineData(1, 513, HttpStatusCode.BadRequest)]
    public async Task A_secret_has_15_tags_at_most(int count, int length, HttpStatusCode status)
    {
        await using var station = await StartAsync();
        var tags = new JsonObject(
            Enumerable
                .Range(0, count)
                .Select(number => KeyValuePair.Create<string, JsonNode?>($"tag{number}", new string('a', length)))
        );

        using var reply = await station.SendAsync(
            HttpMethod.Put,
            "/secrets/token" + Version,
            "any",
            new JsonObject { ["value"] = "x", ["tags"] = tags }.ToJsonString()
        );

        Assert.Equal(status, reply.StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no JSON")]
    [InlineData("""{"value":1}""")]
    [InlineData("""{"value":"x","attributes":{"exp":"tomorrow"}}""")]
    public async Task A_body_of_another_shape_is_refused(string body)
    {
        await using var station = await StartAsync();

        using var reply = await station.SendAsync(HttpMethod.Put, "/secrets/token" + Version, "any", body);

        await AssertRefusedAsync(reply, HttpStatusCode.BadRequest, "BadParameter");
    }

    [Fact]
    public async Task The_API_version_must_be_given_and_may_be_any()
    {
        await using var station = await StartAsync();
        station.Emulator.Secrets.Set("token", "1");

        using var without = await station.GetAsync("/secrets/token", "any");
        using var old = await station.GetAsync("/secrets/token?api-version=7.0", "any");

        await AssertRefusedAsync(without, HttpStatusCode.BadRequest, "BadParameter");
        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
    }

    [Fact]
    public async Task Pages_can_be_shorter_but_not_longer_than_25()
    {
        await using var station = await StartAsync();
        for (var number = 0; number < 3; number++)
            station.Emulator.Secrets.Set($"secret-{number}", "x");

        var first = await station.GetAsync($"/secrets{Version}&maxresults=2", "any").JsonAsync();
        var second = await station.GetAsync(first.Text("nextLink"), "any").JsonAsync();
        using var tooLong = await station.GetAsync($"/secrets{Version}&maxresults=26", "any");

        Assert.Equal((2, 1), (first["value"]!.AsArray().Count, second["value"]!.AsArray().Count));
        Assert.Contains("$skiptoken=", first.Text("nextLink"), StringComparison.Ordinal);
        Assert.Null(second["nextLink"]);
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
    }

    [Fact]
    public async Task Names_are_compared_without_case()
    {
        await using var station = await StartAsync();
        station.Emulator.Secrets.Set("Token", "1");

        var reply = await station.GetAsync("/secrets/tOKEN" + Version, "any").JsonAsync();

        Assert.Equal("1", reply.Text("value"));
    }

    [Fact]
    public async Task Tests_reach_the_secrets_behind_the_back_of_the_API()
    {
        await using var station = await StartAsync();
        var secrets = station.Emulator.Secrets;
        var first = secrets.Set(
            "token",
            "1",
            "text/plain",
            exp: station.Now.AddDays(1),
            nbf: station.Now,
            tags: new Dictionary<string, string> { ["a"] = "b" }
        );
        secrets.Set("token", "2");

        secrets.Disable("token", first.Version);
        using var disabled = await station.GetAsync($"/secrets/token/{first.Version}{Version}", "any");
        using var current = await station.GetAsync("/secrets/token" + Version, "any");
        secrets.Enable("token", first.Version);
        var enabled = await station.GetAsync($"/secrets/token/{first.Version}{Version}", "any").JsonAsync();
        secrets.Delete("token");

        await AssertRefusedAsync(disabled, HttpStatusCode.Forbidden, "Forbidden", "SecretDisabled");
        Assert.Equal(HttpStatusCode.OK, current.StatusCode);
        Assert.Equal(station.Now.AddDays(1).ToUnixTimeSeconds(), enabled["attributes"]!["exp"]!.GetValue<long>());
        Assert.Equal("b", enabled["tags"]!["a"]!.GetValue<string>());
        Assert.True(secrets.IsDeleted("token"));
        Assert.Null(secrets.Get("token"));
        Assert.Empty(secrets.Versions("token"));
        Assert.Throws<VaultRefusalException>(() => secrets.Set("token", "3"));
        Assert.Equal((3, 0), (secrets.Reads, secrets.Writes));
    }

    [Fact]
    public async Task What_cannot_be_deleted_recovered_or_purged_is_not_found()
    {
        await using var station = await StartAsync();
        station.Emulator.Secrets.Set("token", "1");

        using var delete = await station.SendAsync(HttpMethod.Delete, "/secrets/absent" + Version, "any");
        using var recover = await station.SendAsync(HttpMethod.Post, "/deletedsecrets/token/recover" + Version, "any");
        using var purge = await station.SendAsync(HttpMethod.Delete, "/deletedsecrets/token" + Version, "any");
        using var deleted = await station.GetAsync("/deletedsecrets/token" + Version, "any");

        foreach (var reply in (HttpResponseMessage[])[delete, recover, purge, deleted])
            await AssertRefusedAsync(reply, HttpStatusCode.NotFound, "SecretNotFound");
    }

    [Fact]
    public async Task Many_writers_lose_no_version()
    {
        await using var station = await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 32).Select(number => PutAsync(station, "token", $"{number}")));

        Assert.Equal(
            32,
            station.Emulator.Secrets.Versions("token").Select(static version => version.Value).Distinct().Count()
        );
        Assert.Equal(32, station.Emulator.Secrets.WritesOf("token"));
    }

    private static Task<Station<KeyVaultEmulator>> StartAsync() =>
        Station.StartAsync(static options => new KeyVaultEmulator(options));

    private static Task<HttpResponseMessage> PutAsync(Station<KeyVaultEmulator> station, string name, string value) =>
        station.SendAsync(
            HttpMethod.Put,
            $"/secrets/{name}{Version}",
            "any",
            new JsonObject { ["value"] = value }.ToJsonString()
        );

    private static async Task AssertRefusedAsync(
        HttpResponseMessage reply,
        HttpStatusCode status,
        string code,
        string? innerCode = null
    )
    {
        Assert.Equal(status, reply.StatusCode);
        var error = (await reply.JsonAsync())["error"]!;
        Assert.Equal(code, error["code"]!.GetValue<string>());
        Assert.NotEmpty(error["message"]!.GetValue<string>());
        Assert.Equal(innerCode, error["innererror"]?["code"]!.GetValue<string>());
    }
}
