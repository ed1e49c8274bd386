using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators.Tests;

public sealed class FaultsTests
{
    [Fact]
    public async Task A_status_comes_with_its_body_and_Retry_After()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(
            Endpoints.Token,
            Fault.Status(429, "busy", "text/html", retryAfter: TimeSpan.FromSeconds(90)),
            times: 1
        );
        station.Emulator.Faults.Add(
            Endpoints.Token,
            Fault.Status(503, retryAfterDate: station.Now.AddMinutes(2)),
            times: 1
        );

        using var seconds = await SignInAsync(station);
        using var date = await SignInAsync(station);

        Assert.Equal(HttpStatusCode.TooManyRequests, seconds.StatusCode);
        Assert.Equal("busy", await seconds.TextAsync());
        Assert.Equal("text/html", seconds.Content.Headers.ContentType!.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(90), seconds.Headers.RetryAfter!.Delta);
        Assert.Equal(station.Now.AddMinutes(2), date.Headers.RetryAfter!.Date);
        Assert.Equal(0, station.Emulator.IssuedTokens);
    }

    [Fact]
    public async Task Faults_are_used_up_in_order_and_then_the_truth_returns()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Every, Fault.Status(599), times: 1);
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Status(500), times: 2);
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Status(502), times: 1);

        var statuses = new List<int>();
        for (var call = 0; call < 5; call++)
        {
            using var reply = await SignInAsync(station);
            statuses.Add((int)reply.StatusCode);
        }

        Assert.Equal([500, 500, 502, 599, 200], statuses);
    }

    [Fact]
    public async Task A_fault_befalls_its_endpoint_alone_until_it_is_cleared()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Status(500));

        using var other = await station.GetAsync("/.well-known/openid-configuration");
        using var faulty = await SignInAsync(station);
        station.Emulator.Faults.Clear();
        using var cleared = await SignInAsync(station);

        Assert.Equal([200, 500, 200], new[] { other, faulty, cleared }.Select(static reply => (int)reply.StatusCode));
    }

    [Fact]
    public async Task A_misspelt_endpoint_is_an_error()
    {
        await using var station = await StartAsync();

        var failure = Assert.Throws<ArgumentException>(() => station.Emulator.Faults.Add("tokn", Fault.Empty()));

        Assert.Contains("'tokn'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(Endpoints.Discovery, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delay_lasts_on_the_time_provider()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Delay(TimeSpan.FromSeconds(30)));

        var reply = SignInAsync(station);
        await station.Emulator.Faults.WaitUntilHeldAsync(cancellationToken: TestContext.Current.CancellationToken);
        station.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(reply.IsCompleted);
        Assert.Equal(0, station.Emulator.IssuedTokens);
        station.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotEmpty(await reply.TokenAsync());
    }

    [Fact]
    public async Task A_hanging_call_ends_when_the_client_leaves()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Hang(), times: 1);
        using var leaving = new CancellationTokenSource();

        var reply = station.Client.PostAsync("/connect/token", content: null, leaving.Token);
        await station.Emulator.Faults.WaitUntilHeldAsync(cancellationToken: TestContext.Current.CancellationToken);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reply);
    }

    [Fact]
    public async Task A_hanging_call_does_not_keep_the_server_from_stopping()
    {
        var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Hang());
        var reply = SignInAsync(station);
        await station.Emulator.Faults.WaitUntilHeldAsync(cancellationToken: TestContext.Current.CancellationToken);

        await station.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => reply);
    }

    [Fact]
    public async Task A_reset_connection_has_not_handled_the_request_and_a_lost_reply_has()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Reset(), times: 1);
        station.Emulator.Faults.Add(Endpoints.Token, Fault.LoseReply(), times: 1);

        await Assert.ThrowsAsync<HttpRequestException>(() => SignInAsync(station));
        var afterReset = station.Emulator.IssuedTokens;
        await Assert.ThrowsAsync<HttpRequestException>(() => SignInAsync(station));

        Assert.Equal((0, 1), (afterReset, station.Emulator.IssuedTokens));
        Assert.Equal(2, station.Emulator.Counters[Endpoints.Token]);
    }

    [Fact]
    public async Task Replies_can_be_HTML_empty_or_no_JSON()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Html(), times: 1);
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Html(503), times: 1);
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Empty(), times: 1);
        station.Emulator.Faults.Add(Endpoints.Token, Fault.NotJson(), times: 1);

        using var html = await SignInAsync(station);
        using var down = await SignInAsync(station);
        using var empty = await SignInAsync(station);
        using var other = await SignInAsync(station);

        Assert.Equal((200, "text/html"), ((int)html.StatusCode, html.Content.Headers.ContentType!.MediaType));
        Assert.Equal(503, (int)down.StatusCode);
        Assert.Equal((200, ""), ((int)empty.StatusCode, await empty.TextAsync()));
        Assert.Equal("application/json", other.Content.Headers.ContentType!.MediaType);
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse("[" + other.TextAsync().GetAwaiter().GetResult() + "]"));
    }

    [Fact]
    public async Task A_truncated_reply_is_the_beginning_of_the_true_one()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.TruncatedJson());

        using var reply = await SignInAsync(station);
        var text = await reply.TextAsync();

        Assert.StartsWith("{\"access_token\":\"", text, StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(text));
        Assert.Equal(1, station.Emulator.IssuedTokens);
    }

    [Fact]
    public async Task An_oversize_reply_is_valid_and_as_long_as_asked()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Oversize(300_000));

        var token = await SignInAsync(station).TokenAsync();

        Assert.Equal(300_000, token.Length);
    }

    [Fact]
    public async Task A_gzip_bomb_is_small_on_the_wire_and_big_inside()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.GzipBomb(5_000_000));

        using var packed = await SignInAsync(station);
        var bytes = await packed.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using var gzip = new System.IO.Compression.GZipStream(
            new MemoryStream(bytes),
            System.IO.Compression.CompressionMode.Decompress
        );
        using var reader = new StreamReader(gzip);
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal("gzip", packed.Content.Headers.ContentEncoding.Single());
        Assert.InRange(bytes.Length, 1, 50_000);
        Assert.Equal(5_000_000, JsonNode.Parse(text)!.AsObject().Text("access_token").Length);
    }

    [Fact]
    public async Task Deep_JSON_is_valid_and_deeper_than_parsers_go()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.DeepJson());

        using var reply = await SignInAsync(station);
        var text = await reply.TextAsync();

        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(text));
        using var deep = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 10_001 });
        Assert.Equal(JsonValueKind.Object, deep.RootElement.ValueKind);
    }

    [Fact]
    public async Task A_dripping_reply_sends_one_byte_and_then_waits_for_the_clock()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Discovery, Fault.Drip(TimeSpan.FromSeconds(1)));

        using var reply = await station.Client.GetAsync(
            "/.well-known/openid-configuration",
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        await using var body = await reply.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var buffer = new byte[100];
        var first = await body.ReadAsync(buffer, TestContext.Current.CancellationToken);
        await station.Emulator.Faults.WaitUntilHeldAsync(cancellationToken: TestContext.Current.CancellationToken);
        var next = body.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask();
        Assert.False(next.IsCompleted);
        station.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, first);
        Assert.Equal(1, await next);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_names_another_place(int code)
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Redirect(new Uri("https://evil.example/"), code));

        using var reply = await SignInAsync(station);

        Assert.Equal(code, (int)reply.StatusCode);
        Assert.Equal("https://evil.example/", reply.Headers.Location!.ToString());
    }

    [Fact]
    public async Task The_true_reply_can_be_edited()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(
            Endpoints.Token,
            Fault.EditReply(static reply =>
            {
                reply.Remove("token_type");
                reply["expires_in"] = "soon";
            })
        );

        using var reply = await SignInAsync(station);
        var body = await reply.JsonAsync();

        Assert.Equal("soon", body.Text("expires_in"));
        Assert.False(body.ContainsKey("token_type"));
        Assert.True(station.Emulator.IsLive(body.Text("access_token")));
        Assert.True(reply.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_reply_can_lack_its_Date_on_a_connection_that_is_used_again()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.NoDate(), times: 1);

        using var undated = await SignInAsync(station);
        using var dated = await SignInAsync(station);

        Assert.False(undated.Headers.NonValidated.Contains("Date"));
        Assert.Equal(3600, (await undated.JsonAsync()).Number("expires_in"));
        Assert.Equal(
            station.Now.ToString("R", CultureInfo.InvariantCulture),
            dated.Headers.NonValidated["Date"].ToString()
        );
    }

    [Fact]
    public async Task Two_faults_can_befall_one_call()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Token, Fault.Delay(TimeSpan.FromSeconds(5)).With(Fault.LoseReply()));

        var reply = SignInAsync(station);
        await station.Emulator.Faults.WaitUntilHeldAsync(cancellationToken: TestContext.Current.CancellationToken);
        station.Time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<HttpRequestException>(() => reply);
        Assert.Equal(1, station.Emulator.IssuedTokens);
    }

    private static Task<Station<BackupNetEmulator>> StartAsync() =>
        Station.StartAsync(static options => new BackupNetEmulator(options));

    private static Task<HttpResponseMessage> SignInAsync(Station<BackupNetEmulator> station) =>
        station.PostFormAsync(
            "/connect/token",
            ("grant_type", "client_credentials"),
            ("client_id", station.Emulator.ClientId),
            ("client_secret", station.Emulator.ClientSecret)
        );
}
