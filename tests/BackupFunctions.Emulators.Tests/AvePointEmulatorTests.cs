using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BackupFunctions.Emulators.Tests;

public sealed class AvePointEmulatorTests
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    [Fact]
    public async Task Issues_a_token_for_a_signed_assertion()
    {
        await using var station = await StartAsync();

        var reply = await SignInAsync(station, Sign(station)).JsonAsync();
        using var api = await station.GetAsync("/platformbackup/jobs", reply.Text("access_token"));
        using var refused = await station.GetAsync("/platformbackup/jobs");

        Assert.Equal(3600, reply.Number("expires_in"));
        Assert.Equal(AvePointEmulator.Scope, reply.Text("scope"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (api.StatusCode, refused.StatusCode));
    }

    [Fact]
    public async Task Refuses_an_assertion_that_was_used_before()
    {
        await using var station = await StartAsync();
        var assertion = Sign(station);

        using var first = await SignInAsync(station, assertion);
        using var replayed = await SignInAsync(station, assertion);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("invalid_client", (await replayed.JsonAsync()).Text("error"));
    }

    [Theory]
    [InlineData("iss")]
    [InlineData("sub")]
    [InlineData("aud")]
    [InlineData("jti")]
    [InlineData("exp")]
    public async Task Refuses_an_assertion_without_a_claim_or_with_another_value(string claim)
    {
        await using var station = await StartAsync();

        using var missing = await SignInAsync(station, Sign(station, claims => claims.Remove(claim)));
        using var other = await SignInAsync(station, Sign(station, claims => claims[claim] =
                    claim == "exp" ? 1
                    : claim == "jti" ? ""
                    : "other"));

        Assert.Equal("invalid_client", (await missing.JsonAsync()).Text("error"));
        Assert.Equal("invalid_client", (await other.JsonAsync()).Text("error"));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(600, true)]
    [InlineData(660, false)]
    public async Task Accepts_assertions_that_expire_soon_and_not_yet(int secondsAhead, bool accepted)
    {
        await using var station = await StartAsync();

        using var reply = await SignInAsync(
            station,
            Sign(station, claims => claims["exp"] = station.Now.AddSeconds(secondsAhead).ToUnixTimeSeconds())
        );

        Assert.Equal(accepted, reply.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("nbf")]
    [InlineData("iat")]
    public async Task Refuses_assertions_from_the_future(string claim)
    {
        await using var station = await StartAsync();

        using var reply = await SignInAsync(
            station,
            Sign(station, claims => claims[claim] = station.Now.AddMinutes(1).ToUnixTimeSeconds())
        );

        Assert.Equal("invalid_client", (await reply.JsonAsync()).Text("error"));
    }

    [Fact]
    public async Task Judges_assertions_by_its_own_clock()
    {
        await using var station = await StartAsync();
        station.Emulator.ClockOffset = TimeSpan.FromMinutes(10);

        using var reply = await SignInAsync(station, Sign(station));

        Assert.Equal("invalid_client", (await reply.JsonAsync()).Text("error"));
    }

    [Fact]
    public async Task Accepts_the_keys_of_registered_certificates_alone()
    {
        await using var station = await StartAsync();
        using var next = EmulatedCredentials.NewCertificate(station.Time, "CN=next");
        using var early = await SignInAsync(station, Sign(station, certificate: next));

        station.Emulator.Certificates.Register(next);
        using var both = await SignInAsync(station, Sign(station));
        using var registered = await SignInAsync(station, Sign(station, certificate: next));
        station.Emulator.Certificates.Remove(station.Credentials.AvePointCertificate.Thumbprint);
        using var removed = await SignInAsync(station, Sign(station));
        station.Emulator.ReplaceCertificate(station.Credentials.AvePointCertificate);
        using var replaced = await SignInAsync(station, Sign(station, certificate: next));

        Assert.Equal(
            [false, true, true, false, false],
            new[] { early, both, registered, removed, replaced }.Select(static reply => reply.IsSuccessStatusCode)
        );
    }

    [Fact]
    public async Task Refuses_other_algorithms_than_RS256()
    {
        await using var station = await StartAsync();

        using var reply = await SignInAsync(station, Sign(station, algorithm: SecurityAlgorithms.RsaSha512));

        Assert.Equal("invalid_client", (await reply.JsonAsync()).Text("error"));
    }

    [Fact]
    public async Task Refuses_an_unknown_scope()
    {
        await using var station = await StartAsync();

        var reply = await SignInAsync(station, Sign(station), scope: "everything").JsonAsync();

        Assert.Equal("invalid_scope", reply.Text("error"));
    }

    [Fact]
    public async Task Accepts_a_client_secret_only_if_one_is_set()
    {
        await using var station = await StartAsync();
        using var without = await SignInWithSecretAsync(station, "s3cret");

        station.Emulator.ClientSecret = "s3cret";
        using var with = await SignInWithSecretAsync(station, "s3cret");
        using var wrong = await SignInWithSecretAsync(station, "other");

        Assert.Equal(
            [false, true, false],
            new[] { without, with, wrong }.Select(static reply => reply.IsSuccessStatusCode)
        );
        Assert.Equal(2, station.Emulator.Counters.RefusedSignIns);
    }

    [Fact]
    public async Task The_audience_is_the_token_endpoint_that_discovery_names()
    {
        await using var station = await StartAsync();
        station.Emulator.TokenEndpoint = new Uri("https://elsewhere.example/connect/token");

        using var own = await SignInAsync(station, Sign(station));
        using var named = await SignInAsync(
            station,
            Sign(station, claims => claims["aud"] = "https://elsewhere.example/connect/token")
        );

        Assert.Equal((false, true), (own.IsSuccessStatusCode, named.IsSuccessStatusCode));
    }

    private static Task<Station<AvePointEmulator>> StartAsync() =>
        Station.StartAsync(static options => new AvePointEmulator(options));

    private static Task<HttpResponseMessage> SignInAsync(
        Station<AvePointEmulator> station,
        string assertion,
        string scope = AvePointEmulator.Scope
    ) =>
        station.PostFormAsync(
            "/connect/token",
            ("grant_type", "client_credentials"),
            ("scope", scope),
            ("client_assertion_type", AssertionType),
            ("client_assertion", assertion)
        );

    private static Task<HttpResponseMessage> SignInWithSecretAsync(Station<AvePointEmulator> station, string secret) =>
        station.PostFormAsync(
            "/connect/token",
            ("grant_type", "client_credentials"),
            ("client_id", station.Emulator.ClientId),
            ("client_secret", secret)
        );

    private static string Sign(
        Station<AvePointEmulator> station,
        Action<Dictionary<string, object>>? edit = null,
        X509Certificate2? certificate = null,
        string algorithm = SecurityAlgorithms.RsaSha256
    )
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = station.Emulator.ClientId,
            ["sub"] = station.Emulator.ClientId,
            ["aud"] = new Uri(station.Emulator.BaseAddress, "/connect/token").ToString(),
            ["jti"] = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)),
            ["iat"] = station.Now.ToUnixTimeSeconds(),
            ["exp"] = station.Now.AddMinutes(5).ToUnixTimeSeconds(),
        };
        edit?.Invoke(claims);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Claims = claims,
                SigningCredentials = new X509SigningCredentials(
                    certificate ?? station.Credentials.AvePointCertificate,
                    algorithm
                ),
            }
        );
    }
}
