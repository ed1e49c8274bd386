using System.Net;

namespace BackupFunctions.Emulators.Tests;

public sealed class ControlApiTests
{
    [Fact]
    public async Task Shows_the_counters_and_is_not_counted_itself()
    {
        await using var station = await StartAsync();
        using var refused = await station.PostFormAsync("/connect/token", ("grant_type", "client_credentials"));

        var counters = await station.GetAsync("/_emulator/counters").JsonAsync();

        Assert.Equal(1, counters["calls"]!["token"]!.GetValue<int>());
        Assert.Equal(1, counters["maxConcurrent"]!["token"]!.GetValue<int>());
        Assert.Equal(1, counters.Number("total"));
        Assert.Equal(1, counters.Number("refusedSignIns"));
        Assert.Equal(1, station.Emulator.Counters.Total);
    }

    [Theory]
    [InlineData(
        """{"endpoint":"discovery","kind":"status","status":503,"retryAfter":7}""",
        HttpStatusCode.ServiceUnavailable
    )]
    [InlineData("""{"endpoint":"*","kind":"html","status":502}""", HttpStatusCode.BadGateway)]
    [InlineData(
        """{"endpoint":"discovery","kind":"redirect","location":"https://evil.example/"}""",
        HttpStatusCode.TemporaryRedirect
    )]
    [InlineData("""{"endpoint":"discovery","kind":"empty"}""", HttpStatusCode.OK)]
    [InlineData("""{"endpoint":"discovery","kind":"not-json"}""", HttpStatusCode.OK)]
    [InlineData("""{"endpoint":"discovery","kind":"truncated-json"}""", HttpStatusCode.OK)]
    [InlineData("""{"endpoint":"discovery","kind":"oversize","bytes":1000}""", HttpStatusCode.OK)]
    [InlineData("""{"endpoint":"discovery","kind":"gzip-bomb","bytes":1000}""", HttpStatusCode.OK)]
    [InlineData("""{"endpoint":"discovery","kind":"deep-json","levels":100}""", HttpStatusCode.OK)]
    [InlineData("""{"endpoint":"discovery","kind":"no-date"}""", HttpStatusCode.OK)]
    [InlineData("""{"endpoint":"discovery","kind":"delay","milliseconds":0}""", HttpStatusCode.OK)]
    [InlineData("""{"endpoint":"discovery","kind":"drip","milliseconds":0}""", HttpStatusCode.OK)]
    [InlineData(
        """{"endpoint":"discovery","kind":"edit-reply","remove":["jwks_uri"],"set":{"issuer":"x"}}""",
        HttpStatusCode.OK
    )]
    public async Task Switches_faults_on_and_off(string fault, HttpStatusCode status)
    {
        await using var station = await StartAsync();
        using var before = await DiscoverAsync(station);

        using var added = await station.SendAsync(HttpMethod.Post, "/_emulator/faults", json: fault);
        using var faulty = await DiscoverAsync(station);
        using var cleared = await station.SendAsync(HttpMethod.Delete, "/_emulator/faults");
        using var after = await DiscoverAsync(station);

        Assert.Equal(HttpStatusCode.NoContent, added.StatusCode);
        Assert.Equal(status, faulty.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, cleared.StatusCode);
        Assert.Equal(await before.TextAsync(), await after.TextAsync());
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("lose-reply")]
    public async Task Breaks_connections(string kind)
    {
        await using var station = await StartAsync();

        using var added = await station.SendAsync(
            HttpMethod.Post,
            "/_emulator/faults",
            json: $$"""{"endpoint":"discovery","kind":"{{kind}}","times":1}"""
        );

        await Assert.ThrowsAsync<HttpRequestException>(() => DiscoverAsync(station));
        using var after = await DiscoverAsync(station);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task Edits_replies_as_ordered()
    {
        await using var station = await StartAsync();
        using var added = await station.SendAsync(
            HttpMethod.Post,
            "/_emulator/faults",
            json: """{"endpoint":"discovery","kind":"edit-reply","remove":["jwks_uri"],"set":{"issuer":"x"}}"""
        );

        var first = await DiscoverAsync(station).JsonAsync();
        var second = await DiscoverAsync(station).JsonAsync();

        Assert.Equal(("x", false), (first.Text("issuer"), first.ContainsKey("jwks_uri")));
        Assert.Equal("x", second.Text("issuer"));
    }

    [Theory]
    [InlineData("""{"endpoint":"discovery","kind":"hng"}""", "hng")]
    [InlineData("""{"endpoint":"disco","kind":"hang"}""", "disco")]
    [InlineData("""{"endpoint":"discovery","kind":"status"}""", "status")]
    [InlineData("""{"endpoint":"discovery","kind":"redirect"}""", "location")]
    [InlineData("""{"endpoint":"discovery","kind":"hang","tmes":1}""", "tmes")]
    [InlineData("""{"kind":"hang"}""", "endpoint")]
    [InlineData("null", "null")]
    [InlineData("no JSON", "invalid")]
    public async Task Says_what_is_wrong_with_an_order(string order, string named)
    {
        await using var station = await StartAsync();

        using var reply = await station.SendAsync(HttpMethod.Post, "/_emulator/faults", json: order);

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains(named, await reply.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revokes_tokens_where_there_are_any()
    {
        await using var station = await StartAsync();
        await using var vault = await Station.StartAsync(static options => new KeyVaultEmulator(options));
        var token = await station
            .PostFormAsync(
                "/connect/token",
                ("grant_type", "client_credentials"),
                ("client_id", station.Emulator.ClientId),
                ("client_secret", station.Emulator.ClientSecret)
            )
            .TokenAsync();

        using var revoked = await station.SendAsync(HttpMethod.Post, "/_emulator/revoke");
        using var nothing = await vault.SendAsync(HttpMethod.Post, "/_emulator/revoke");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (revoked.StatusCode, nothing.StatusCode));
        Assert.False(station.Emulator.IsLive(token));
    }

    private static Task<Station<BackupNetEmulator>> StartAsync() =>
        Station.StartAsync(static options => new BackupNetEmulator(options));

    private static Task<HttpResponseMessage> DiscoverAsync(Station<BackupNetEmulator> station) =>
        station.GetAsync("/.well-known/openid-configuration");
}
