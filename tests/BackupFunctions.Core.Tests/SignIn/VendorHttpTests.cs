using System.IO.Compression;
using System.Net;
using System.Security.Authentication;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.SignIn;

public sealed class VendorHttpTests
{
    private const string Token = """{"access_token":"a-token-of-the-stub","expires_in":3600}""";

    private readonly Bench _bench = new();

    [Fact]
    public async Task A_server_that_fails_for_a_moment_is_asked_again_with_growing_waits()
    {
        _bench.Network.Answers(HttpStatusCode.InternalServerError).Answers(HttpStatusCode.BadGateway).Answers(Token);

        var reply = await _bench.RequestAsync();

        Assert.Equal("a-token-of-the-stub", reply.ToGrant().AccessToken.Reveal());
        Assert.Equal(3, _bench.Network.Sent.Count);
        Assert.Equal(2, _bench.Time.Waits.Count);
        Assert.All(_bench.Time.Waits, wait => Assert.InRange(wait.TotalSeconds, 0.01, 8));
    }

    [Fact]
    public async Task Waits_grow_and_are_jittered()
    {
        _bench.Network.Answers(HttpStatusCode.ServiceUnavailable);
        var waits = new List<(double First, double Second)>();
        for (var seed = 0; seed < 40; seed++)
        {
            await Bench.FailureAsync(() => _bench.RequestAsync());
            waits.Add((_bench.Time.Waits[^2].TotalSeconds, _bench.Time.Waits[^1].TotalSeconds));
        }

        Assert.InRange(waits.Average(wait => wait.Second) / waits.Average(wait => wait.First), 1.2, 3);
        Assert.True(waits.DistinctBy(wait => wait.First).Count() > 30);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_server_that_stays_down_is_asked_three_times_and_no_more(int status)
    {
        _bench.Network.Answers((HttpStatusCode)status);

        await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.Equal(3, _bench.Network.Sent.Count);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task What_would_only_be_refused_again_is_never_repeated(int status)
    {
        _bench.Network.Answers((HttpStatusCode)status, """{"error":"invalid_client"}""");

        await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.Single(_bench.Network.Sent);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_even_if_it_looks_harmless()
    {
        _bench.Network.Answers(
            HttpStatusCode.TemporaryRedirect,
            "",
            "text/html",
            ("Location", "https://other.example/token")
        );

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.Contains("redirect", failure.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("other.example", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(Bench.Endpoint, Assert.Single(_bench.Network.Sent).Address);
    }

    [Fact]
    public async Task A_hanging_server_gets_ten_seconds_an_attempt()
    {
        _bench.Network.Answers(HangAsync);

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.Equal(FailureKind.VendorUnavailable, failure.Kind);
        Assert.Contains("did not answer within 10 s", failure.Detail, StringComparison.Ordinal);
        Assert.True(failure.MayHaveReachedVendor);
        Assert.Equal(3, _bench.Network.Sent.Count);
        var apart = _bench.Network.SentAt.Zip(_bench.Network.SentAt.Skip(1), (a, b) => b - a);
        Assert.Equal(_bench.Time.Waits.Select(wait => wait + TimeSpan.FromSeconds(10)), apart);
    }

    [Fact]
    public async Task A_body_that_drips_counts_into_the_attempt()
    {
        var drips = 0;
        _bench
            .Network.Answers((_, _) => Task.FromResult(Streamed(new EndlessBody(chunk: 1, _ =>
                            {
                                drips++;
                                _bench.Time.Advance(TimeSpan.FromSeconds(1));
                                return Task.CompletedTask;
                            }))))
            .Answers(Token);

        var reply = await _bench.RequestAsync();

        Assert.Equal("a-token-of-the-stub", reply.ToGrant().AccessToken.Reveal());
        Assert.Equal(10, drips);
    }

    [Fact]
    public async Task All_attempts_together_take_no_more_than_forty_seconds()
    {
        _bench
            .Network.Answers(HttpStatusCode.ServiceUnavailable, "", "text/plain", ("Retry-After", "25"))
            .Answers(HangAsync);

        await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.InRange((_bench.Time.GetUtcNow() - TestTime.Noon).TotalSeconds, 35, 50);
        Assert.InRange(_bench.Network.Sent.Count, 2, 3);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("Sun, 22 Nov 2026 12:00:07 GMT", 7)]
    public async Task Retry_after_is_obeyed_where_it_fits(string retryAfter, int seconds)
    {
        _bench
            .Network.Answers(HttpStatusCode.TooManyRequests, "", "text/plain", ("Retry-After", retryAfter))
            .Answers(Token);

        await _bench.RequestAsync();

        Assert.Equal(TimeSpan.FromSeconds(seconds), _bench.Network.SentAt[1] - _bench.Network.SentAt[0]);
    }

    [Theory]
    [InlineData("41")]
    [InlineData("3600")]
    [InlineData("Sun, 22 Nov 2026 12:00:41 GMT")]
    public async Task Retry_after_that_does_not_fit_ends_the_attempts_and_is_passed_on(string retryAfter)
    {
        _bench.Network.Answers(HttpStatusCode.ServiceUnavailable, "", "text/plain", ("Retry-After", retryAfter));

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.Single(_bench.Network.Sent);
        Assert.InRange(failure.RetryAfter!.Value.TotalSeconds, 41, 3600);
    }

    [Fact]
    public async Task Retry_after_is_measured_against_what_is_left_of_the_time()
    {
        _bench
            .Network.Answers(() =>
            {
                _bench.Time.Advance(TimeSpan.FromSeconds(9));
                return StubNetwork.Reply(HttpStatusCode.ServiceUnavailable, "", "text/plain", ("Retry-After", "20"));
            })
            .Answers(HttpStatusCode.ServiceUnavailable, "", "text/plain", ("Retry-After", "12"));

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.Equal(2, _bench.Network.Sent.Count);
        Assert.Equal(TimeSpan.FromSeconds(12), failure.RetryAfter);
    }

    [Theory]
    [InlineData(36, false, 3)]
    [InlineData(36, true, 3)]
    [InlineData(38, false, 2)]
    [InlineData(38, true, 2)]
    public async Task What_leaves_no_time_to_ask_again_is_told_at_once(int retryAfter, bool isCutOff, int attempts)
    {
        _bench.Network.Answers(HttpStatusCode.ServiceUnavailable, "", "text/plain", ("Retry-After", $"{retryAfter}"));
        _ = isCutOff
            ? _bench.Network.Fails(new HttpRequestException(HttpRequestError.ConnectionError))
            : _bench.Network.Answers(HttpStatusCode.TooManyRequests, "", "text/plain");

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.Equal(
            isCutOff ? (FailureKind.VendorUnavailable, null) : (FailureKind.VendorThrottled, 429),
            (failure.Kind, failure.HttpStatus)
        );
        Assert.Equal(
            (attempts, attempts - 1, TimeSpan.FromSeconds(retryAfter)),
            (_bench.Network.Sent.Count, _bench.Time.Waits.Count, _bench.Time.Waits[0])
        );
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.NameResolutionError)]
    [InlineData(HttpRequestError.SecureConnectionError)]
    public async Task A_request_that_spends_is_repeated_where_no_connection_was_made(HttpRequestError error)
    {
        _bench.Network.Fails(new HttpRequestException(error)).Answers(Token);

        await _bench.RequestAsync(spends: true);

        Assert.Equal(2, _bench.Network.Sent.Count);
    }

    [Fact]
    public async Task A_request_that_spends_and_never_arrived_says_so()
    {
        _bench.Network.Fails(new HttpRequestException(HttpRequestError.ConnectionError));

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync(spends: true));

        Assert.Equal(FailureKind.VendorUnavailable, failure.Kind);
        Assert.False(failure.MayHaveReachedVendor);
    }

    public static TheoryData<string> Arrivals => ["hang", "reset", "io", "http", "500", "503", "408", "429"];

    [Theory]
    [MemberData(nameof(Arrivals))]
    public async Task A_request_that_spends_is_never_repeated_once_it_may_have_arrived(string what)
    {
        _ = what switch
        {
            "hang" => _bench.Network.Answers(HangAsync),
            "reset" => _bench.Network.Fails(new HttpRequestException(HttpRequestError.ResponseEnded)),
            "http" => _bench.Network.Fails(new HttpRequestException("broken")),
            "io" => _bench.Network.Answers(() =>
                Streamed(new EndlessBody(chunk: 1, _ => throw new IOException("reset")))
            ),
            _ => _bench.Network.Answers(
                (HttpStatusCode)int.Parse(what, System.Globalization.CultureInfo.InvariantCulture)
            ),
        };

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync(spends: true));

        Assert.Single(_bench.Network.Sent);
        Assert.Equal(what != "429", failure.MayHaveReachedVendor);
    }

    [Fact]
    public async Task A_distrusted_server_is_not_asked_again()
    {
        _bench.Network.Fails(
            new HttpRequestException(
                HttpRequestError.SecureConnectionError,
                inner: new AuthenticationException("untrusted root")
            )
        );

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.Equal(FailureKind.ServerNotTrusted, failure.Kind);
        Assert.Single(_bench.Network.Sent);
    }

    [Fact]
    public async Task A_caller_that_goes_is_no_failure_of_the_vendor()
    {
        using var gone = new CancellationTokenSource();
        _bench.Network.Answers(
            async (_, cancellation) =>
            {
                await gone.CancelAsync();
                return await Endless(cancellation);
            }
        );

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _bench.Tokens.RequestAsync(
                new() { Address = Bench.Endpoint.AbsoluteUri, GrantType = "x" },
                Bench.Pinned(),
                spends: false,
                gone.Token
            )
        );

        Assert.Single(_bench.Network.Sent);
    }

    [Fact]
    public async Task A_body_without_end_is_cut_at_256_KiB_and_takes_no_more_memory()
    {
        var body = new EndlessBody(chunk: 16 * 1024);
        _bench.Network.Answers(() => Streamed(body));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var failure = await Bench.FailureAsync(async () => (await _bench.RequestAsync()).ToGrant());

        Assert.Equal(FailureKind.VendorReplyUnusable, failure.Kind);
        Assert.Equal(256 * 1024, body.Given);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024 * 1024);
    }

    [Fact]
    public async Task A_reply_that_claims_to_be_compressed_is_not_decompressed()
    {
        var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[10 * 1024 * 1024], TestContext.Current.CancellationToken);
        }

        _bench.Network.Answers(() =>
        {
            var reply = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(bomb.ToArray()) };
            reply.Content.Headers.ContentEncoding.Add("gzip");
            return reply;
        });

        var failure = await Bench.FailureAsync(async () => (await _bench.RequestAsync()).ToGrant());

        Assert.Equal(FailureKind.VendorReplyUnusable, failure.Kind);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("no-such-charset")]
    [InlineData("\"")]
    public async Task A_wrong_charset_has_no_say_in_how_json_is_read(string charset)
    {
        _bench.Network.Answers(() =>
        {
            var reply = StubNetwork.Reply(HttpStatusCode.OK, Token, "application/json");
            reply.Content.Headers.Remove("Content-Type");
            reply.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=" + charset);
            return reply;
        });

        var reply = await _bench.RequestAsync();

        Assert.Equal("a-token-of-the-stub", reply.ToGrant().AccessToken.Reveal());
    }

    [Theory]
    [InlineData(200, FailureKind.VendorReplyUnusable)]
    [InlineData(400, FailureKind.VendorUnavailable)]
    public async Task Json_of_great_depth_is_no_reply(int status, FailureKind expected)
    {
        _bench.Network.Answers((HttpStatusCode)status, new string('[', 100_000) + new string(']', 100_000));

        var failure = await Bench.FailureAsync(async () => (await _bench.RequestAsync()).ToGrant());

        Assert.Equal(expected, failure.Kind);
    }

    [Fact]
    public async Task A_life_counts_from_the_last_attempt()
    {
        _bench
            .Network.Answers(HttpStatusCode.ServiceUnavailable, "", "text/plain", ("Retry-After", "7"))
            .Answers(() =>
            {
                _bench.Time.Advance(TimeSpan.FromSeconds(4));
                return StubNetwork.Reply(HttpStatusCode.OK, Token, "application/json");
            });

        var reply = await _bench.RequestAsync();

        Assert.Equal(TestTime.Noon.AddSeconds(7), reply.SentAt);
        Assert.Equal(TestTime.Noon.AddSeconds(3607), reply.ToGrant().AccessToken.ExpiresAt);
    }

    [Theory]
    [InlineData("Sun, 22 Nov 2026 12:07:00 GMT", 420)]
    [InlineData("Sun, 22 Nov 2026 11:53:00 GMT", -420)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", -1_795_348_800)]
    public async Task The_vendors_clock_is_learned_from_any_reply(string date, long secondsAhead)
    {
        _bench.Network.Answers(HttpStatusCode.Unauthorized, "", "text/plain", ("Date", date));

        await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.Equal(
            secondsAhead,
            (_bench.Clocks.Now(new Uri("https://VENDOR.example/other")) - _bench.Time.GetUtcNow()).TotalSeconds
        );
        Assert.Equal(_bench.Time.GetUtcNow(), _bench.Clocks.Now(new Uri("https://another.example")));
    }

    [Theory]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData("Mon, 01 Jan 0001 00:00:00 GMT")]
    public async Task A_clock_beyond_belief_is_not_learned(string date)
    {
        _bench.Network.Answers(HttpStatusCode.Unauthorized, "", "text/plain", ("Date", date));

        await Bench.FailureAsync(() => _bench.RequestAsync());

        _bench.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(_bench.Time.GetUtcNow(), _bench.Clocks.Now(Bench.Endpoint));
    }

    [Fact]
    public void A_date_older_than_the_server_has_shown_is_learned_from_what_no_cache_keeps_alone()
    {
        var slow = new Uri("https://slow.example");
        _bench.Clocks.Observe(slow, TestTime.Noon, _bench.Time.GetTimestamp());

        _bench.Clocks.Observe(slow, TestTime.Noon.AddMinutes(-50), _bench.Time.GetTimestamp(), mayBeCopy: true);
        var afterCopy = _bench.Clocks.Ahead(slow);
        _bench.Clocks.Observe(slow, TestTime.Noon.AddMinutes(7), _bench.Time.GetTimestamp(), mayBeCopy: true);
        var afterNewer = _bench.Clocks.Ahead(slow);
        _bench.Clocks.Observe(slow, TestTime.Noon.AddMinutes(-50), _bench.Time.GetTimestamp());

        Assert.Equal(TimeSpan.Zero, afterCopy);
        Assert.Equal(TimeSpan.FromMinutes(7), afterNewer);
        Assert.Equal(TimeSpan.FromMinutes(-50), _bench.Clocks.Ahead(slow));
    }

    [Fact]
    public async Task Discovery_asks_for_a_reply_that_no_cache_kept()
    {
        _bench.Network.Answers(DiscoveryDocumentsTests.Document());

        await _bench.Discovery.TokenEndpointAsync(
            Bench.Pinned(server: "https://login.vendor.example"),
            TestContext.Current.CancellationToken
        );

        Assert.Contains(
            "Cache-Control: no-cache",
            Assert.Single(_bench.Network.Sent).Headers,
            StringComparison.Ordinal
        );
    }

    private async Task<HttpResponseMessage> HangAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        return await Endless(cancellation);
    }

    private static async Task<HttpResponseMessage> Endless(CancellationToken cancellation)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellation);
        throw new InvalidOperationException("Nobody ended the wait.");
    }

    private static HttpResponseMessage Streamed(Stream body) =>
        new(HttpStatusCode.OK) { Content = new StreamContent(body) };
}
