using System.Net;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.KeyVault.Transport;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Clocks;

public sealed class TokenOfAWrongClockTests
{
    private const string Json = """{"access_token":"a-token-of-the-stub","expires_in":3600}""";
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);
    private static readonly Uri Vault = new("https://vault.test/");

    private readonly Bench _bench = new();

    private string Date => _bench.Time.GetUtcNow().ToString("R");

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    public async Task A_token_expires_by_the_true_time_although_the_host_started_with_another(int seconds)
    {
        var bench = new Bench(TimeSpan.FromSeconds(seconds));
        await AskVaultAsync(bench);
        bench.Network.Answers(HttpStatusCode.OK, Json, headers: ("Date", bench.Time.GetUtcNow().ToString("R")));

        var token = (await bench.RequestAsync()).ToGrant().AccessToken;

        Assert.Equal(TestTime.Noon.AddHours(1), token.ExpiresAt, TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// The host's clock is set, or the host suspended, between request and reply; and the vendor's reply is the second
    /// that shows it, or nothing does.
    /// </summary>
    [Theory]
    [InlineData(600, true)]
    [InlineData(600, false)]
    [InlineData(-600, true)]
    [InlineData(-600, false)]
    public async Task A_token_whose_request_saw_the_clock_being_set_does_not_live_too_long(int seconds, bool isSeen)
    {
        if (isSeen)
            _bench.Clocks.Observe(
                new Uri("https://other.example/"),
                _bench.Time.GetUtcNow(),
                _bench.Clock.GetTimestamp()
            );
        _bench.Network.Answers(() =>
        {
            _bench.Host.Ahead = TimeSpan.FromSeconds(seconds);
            return StubNetwork.Reply(HttpStatusCode.OK, Json, "application/json", ("Date", Date));
        });

        var token = (await _bench.RequestAsync()).ToGrant().AccessToken;

        Assert.Equal(TestTime.Noon.AddHours(1), token.ExpiresAt, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    public async Task A_token_whose_own_reply_puts_the_clock_right_expires_no_later_than_it_should(int seconds)
    {
        var bench = new Bench(TimeSpan.FromSeconds(seconds));
        Observe(bench, "other.example", TestTime.Noon);
        bench.Network.Answers(HttpStatusCode.OK, Json, headers: ("Date", TestTime.Noon.ToString("R")));

        var token = (await bench.RequestAsync()).ToGrant().AccessToken;

        Assert.Equal(TestTime.Noon, bench.Clock.GetUtcNow(), TimeSpan.FromSeconds(1));
        Assert.Equal(
            TestTime.Noon.AddHours(1).AddSeconds(Math.Min(0, seconds)),
            token.ExpiresAt,
            TimeSpan.FromSeconds(1)
        );
    }

    [Fact]
    public async Task A_token_whose_reply_was_read_after_the_host_had_slept_is_as_old_as_its_request()
    {
        _bench.Network.Answers(() =>
        {
            var asleep = _bench.Time.GetTimestamp();
            _bench.Time.Advance(TimeSpan.FromSeconds(8));
            _bench.Host.SuspendedSince(asleep);
            return StubNetwork.Reply(HttpStatusCode.OK, Json, "application/json");
        });

        var token = (await _bench.RequestAsync()).ToGrant().AccessToken;

        Assert.Equal((TestTime.Noon, TestTime.Noon.AddHours(1)), (token.IssuedAt, token.ExpiresAt));
        Assert.Equal(TestTime.Noon.AddSeconds(8), _bench.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Setting_the_clock_leaves_a_request_its_retries()
    {
        _bench
            .Network.Answers(() =>
            {
                _bench.Host.Ahead = TenMinutes;
                return StubNetwork.Reply(HttpStatusCode.ServiceUnavailable, "", "text/plain");
            })
            .Answers(Json);

        await _bench.RequestAsync();

        Assert.Equal(2, _bench.Network.Sent.Count);
    }

    [Fact]
    public void An_assertion_counts_as_signed_by_a_wrong_clock_also_if_ours_was_corrected()
    {
        var bench = new Bench(-TenMinutes);
        var signedBy = bench.Signer.ClockAhead(Bench.Endpoint);
        bench.Clocks.Observe(new Uri("https://other.example/"), TestTime.Noon, bench.Clock.GetTimestamp());
        Assert.False(bench.Signer.WasClockWrong(Bench.Endpoint, signedBy));

        bench.Clocks.Observe(Bench.Endpoint, TestTime.Noon, bench.Clock.GetTimestamp());

        Assert.True(bench.Signer.WasClockWrong(Bench.Endpoint, signedBy));
        Assert.Equal(TestTime.Noon, bench.Clock.GetUtcNow(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_vendors_own_deviation_is_kept_apart_from_ours()
    {
        var bench = new Bench(-TenMinutes);
        Observe(bench, "a.example", TestTime.Noon);
        Observe(bench, "b.example", TestTime.Noon);
        Observe(bench, "appliance.example", TestTime.Noon.AddMinutes(7));

        Assert.Equal(TestTime.Noon, bench.Clock.GetUtcNow(), TimeSpan.FromSeconds(1));
        Assert.Equal(TestTime.Noon.AddMinutes(7), bench.Clocks.Now(new Uri("https://appliance.example/")));
    }

    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    public async Task What_was_learned_of_a_vendors_clock_while_ours_was_wrong_is_put_right_with_it(int seconds)
    {
        var bench = new Bench(TimeSpan.FromSeconds(seconds));
        Observe(bench, "appliance.example", TestTime.Noon.AddMinutes(7));

        await AskVaultAsync(bench);

        Assert.Equal(
            TestTime.Noon.AddMinutes(7),
            bench.Clocks.Now(new Uri("https://appliance.example/")),
            TimeSpan.FromSeconds(1)
        );
    }

    [Fact]
    public void A_copy_that_a_cache_may_have_kept_does_not_set_our_clock()
    {
        foreach (var server in new[] { "https://a.example/", "https://b.example/" })
        {
            _bench.Clocks.Observe(
                new Uri(server),
                TestTime.Noon.AddMinutes(-50),
                _bench.Clock.GetTimestamp(),
                mayBeCopy: true
            );
        }

        Assert.Equal(TestTime.Noon, _bench.Clock.GetUtcNow());
    }

    [Theory]
    [InlineData("text/html", null, -600)] // A page of something in the vault's place.
    [InlineData("application/json", "3000", -600)] // From a cache.
    [InlineData("application/json", null, 0)]
    public async Task A_vaults_reply_sets_the_clock_if_it_is_the_vaults(string type, string? age, int error)
    {
        var bench = new Bench(-TenMinutes);

        await AskVaultAsync(bench, type, age);

        Assert.Equal(TestTime.Noon.AddSeconds(error), bench.Clock.GetUtcNow(), TimeSpan.FromSeconds(1));
    }

    private static void Observe(Bench bench, string server, DateTimeOffset date) =>
        bench.Clocks.Observe(new Uri($"https://{server}/"), date, bench.Clock.GetTimestamp());

    private static async Task AskVaultAsync(Bench bench, string type = "application/json", string? age = null)
    {
        var network = new StubNetwork(bench.Time).Answers(() =>
        {
            var reply = StubNetwork.Reply(
                HttpStatusCode.OK,
                "{}",
                type,
                ("Date", bench.Time.GetUtcNow().ToString("R"))
            );
            if (age is not null)
                reply.Headers.TryAddWithoutValidation("Age", age);
            return reply;
        });
        using var client = new HttpClient(new VaultDates(network, bench.Clock));
        using var _ = await client.GetAsync(Vault, TestContext.Current.CancellationToken);
    }
}
