using System.Text.Json;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.Vendors;
using Microsoft.AspNetCore.WebUtilities;

namespace BackupFunctions.Core.Tests.SignIn;

public sealed class TokenLifetimeTests
{
    private const long Now = 1_795_348_800; // 2026-11-22T12:00:00Z

    private static readonly DateTimeOffset SentAt = DateTimeOffset.FromUnixTimeSeconds(Now);

    [Fact]
    public void Without_any_evidence_a_token_is_taken_to_live_300_seconds() => Assert.Equal(300, Life("{}"));

    [Theory]
    [InlineData("""{"expires_in":7200}""", 7200)]
    [InlineData("""{"expires_in":"7200"}""", 7200)]
    [InlineData("""{"expires_in":7200.9}""", 7200)]
    [InlineData("""{"expires_in":7.2e3}""", 7200)]
    [InlineData("""{"expires_in":null}""", 300)]
    public void Expires_in_is_seconds_as_a_number_or_in_quotes(string json, int expected) =>
        Assert.Equal(expected, Life(json));

    [Theory]
    [InlineData("""{"expires_in":0}""")]
    [InlineData("""{"expires_in":7200,"expires_on":0}""")]
    [InlineData("""{"expires_in":7200,".issued":"2026-11-22T12:00:00Z",".expires":"0001-01-01T00:00:00"}""")]
    [InlineData("""{".issued":"2026-11-22T12:00:00Z",".expires":"2026-11-22T12:00:00Z"}""")]
    [InlineData("""{".expires":"2026-11-22T11:59:59Z"}""")]
    public void Evidence_of_no_life_left_outweighs_all_other(string json) =>
        Assert.InRange(Life(json)!.Value, int.MinValue, 0);

    [Theory]
    [InlineData("""{"expires_in":"soon"}""")]
    [InlineData("""{"expires_in":""}""")]
    [InlineData("""{"expires_in":true}""")]
    [InlineData("""{"expires_in":{}}""")]
    [InlineData("""{"expires_in":[7200]}""")]
    [InlineData("""{"expires_in":"NaN"}""")]
    [InlineData("""{"expires_in":"Infinity"}""")]
    [InlineData("""{"expires_in":1e400}""")]
    [InlineData("""{"expires_in":-1}""")]
    [InlineData("""{"expires_in":"-7200"}""")]
    [InlineData("""{"expires_in":"\ud800"}""")]
    [InlineData("""{"expires_on":1795352400000}""")]
    [InlineData("""{"expires_on":"tomorrow"}""")]
    [InlineData("""{".expires":"next week"}""")]
    [InlineData("""{".expires":1795349700}""")]
    public void A_reply_that_states_only_what_cannot_be_true_is_unusable(string json) => Assert.Null(Life(json));

    [Theory]
    [InlineData("""{"expires_in":31536000}""")]
    [InlineData("""{"expires_in":31536001}""")]
    [InlineData("""{"expires_in":99999999999999999999}""")]
    [InlineData("""{"expires_on":99999999999}""")]
    [InlineData("""{".expires":"9999-12-31T23:59:59Z"}""")]
    public void A_life_over_a_year_counts_as_one_year(string json) => Assert.Equal(31_536_000, Life(json));

    [Theory]
    [InlineData("""{"expires_in":60,".expires":"9999-12-31T23:59:59Z"}""")]
    [InlineData("""{"expires_in":60,".issued":"yesterday"}""")]
    [InlineData("""{"expires_in":-1,".issued":"2026-11-22T12:00:00Z",".expires":"2026-11-22T12:01:00Z"}""")]
    [InlineData("""{"expires_in":"soon","expires_on":1795348860}""")]
    public void Evidence_that_cannot_be_true_leaves_the_decision_to_the_rest(string json) =>
        Assert.Equal(60, Life(json));

    [Theory]
    [InlineData(0)]
    [InlineData(-7)]
    [InlineData(7)]
    [InlineData(-600)]
    [InlineData(600)]
    public void Expires_on_counts_from_the_vendors_date_however_far_its_clock_is_off(int minutesAhead)
    {
        var date = SentAt.AddMinutes(minutesAhead);

        var life = Life($$"""{"expires_on":{{date.ToUnixTimeSeconds() + 7200}}}""", date: date);

        Assert.Equal(7200, life);
    }

    [Fact]
    public void Expires_on_counts_from_our_clock_where_the_reply_has_no_date() =>
        Assert.Equal(7200, Life($$"""{"expires_on":"{{Now + 7200}}"}"""));

    [Theory]
    [InlineData("2026-11-22T12:00:00Z", "2026-11-22T12:15:00Z")]
    [InlineData("2026-11-22T12:00:00", "2026-11-22T12:15:00")]
    [InlineData("2026-11-22T12:00:00.1234567", "2026-11-22T12:15:00.1234567")]
    [InlineData("2026-11-22T12:00:00", "2026-11-22T12:15:00Z")]
    [InlineData("2026-11-22T14:00:00+02:00", "2026-11-22T12:15:00Z")]
    [InlineData("Sun, 22 Nov 2026 12:00:00 GMT", "Sun, 22 Nov 2026 12:15:00 GMT")]
    public void Expires_counts_from_issued_and_without_a_zone_both_are_utc(string issued, string expires) =>
        Assert.Equal(900, Life($$"""{".issued":"{{issued}}",".expires":"{{expires}}"}"""));

    [Fact]
    public void Expires_minus_issued_counts_whatever_the_vendors_clock_shows() =>
        Assert.Equal(900, Life("""{".issued":"2031-01-01T00:00:00",".expires":"2031-01-01T00:15:00"}"""));

    [Fact]
    public void Expires_alone_counts_from_the_vendors_date()
    {
        var life = Life("""{".expires":"2026-11-22T13:00:00"}""", date: SentAt.AddMinutes(50));

        Assert.Equal(600, life);
    }

    [Theory]
    [InlineData("""{"exp":1795352400,"iat":1795348800}""", 3600)]
    [InlineData("""{"exp":1795352400,"nbf":1795348800}""", 3600)]
    [InlineData("""{"exp":1795352400}""", 3600)]
    [InlineData("""{"exp":1795352400,"iat":1795341600}""", 3600)]
    [InlineData("""{"exp":1795352400,"iat":1795350600,"nbf":1795348800}""", 1800)]
    [InlineData("""{"exp":"1795352400","iat":"1795350600"}""", 1800)]
    [InlineData("""{"iat":1795348800}""", 7200)]
    [InlineData("""{"exp":"never"}""", 7200)]
    [InlineData("[1]", 7200)]
    [InlineData("no json", 7200)]
    [InlineData("""{"\ud800":1,"exp":1795352400}""", 3600)]
    public void A_jwt_lives_until_its_exp_and_no_longer_than_exp_minus_iat_or_nbf(string payload, int expected) =>
        Assert.Equal(expected, Life("""{"expires_in":7200}""", Jwt(payload)));

    [Fact]
    public void The_distance_to_exp_counts_from_the_vendors_date()
    {
        var life = Life("{}", Jwt($$"""{"exp":{{Now + 1000}}}"""), SentAt.AddSeconds(400));

        Assert.Equal(600, life);
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a.b.c.d.e")]
    [InlineData("a.!!!.c")]
    [InlineData("..")]
    public void A_token_that_is_no_jwt_is_no_evidence(string token) =>
        Assert.Equal(7200, Life("""{"expires_in":7200}""", token));

    [Fact]
    public void A_jwt_of_another_depth_than_json_readers_take_is_no_evidence() =>
        Assert.Equal(7200, Life("""{"expires_in":7200}""", Jwt(new string('[', 5000))));

    [Fact]
    public void Where_vendors_contradict_themselves_the_earliest_counts()
    {
        // The documented reply of Veeam: 3600 s by its expires_in, 900 s by all the rest.
        var life = Life(
            """{"expires_in":3600,".issued":"2026-11-22T12:00:00Z",".expires":"2026-11-22T12:15:00Z"}""",
            Jwt($$"""{"iat":{{Now}},"exp":{{Now + 900}}}""")
        );

        Assert.Equal(900, life);
    }

    internal static string Jwt(string payload) => $"{Part("""{"alg":"RS256"}""")}.{Part(payload)}.c2lnbmF0dXJl";

    private static string Part(string json) => WebEncoders.Base64UrlEncode(System.Text.Encoding.UTF8.GetBytes(json));

    private static double? Life(string json, string token = "opaque", DateTimeOffset? date = null)
    {
        using var document = JsonDocument.Parse(json);
        return TokenLifetime
            .Lifetime(document.RootElement, VendorProfiles.BackupNet, token, SentAt, date)
            ?.TotalSeconds;
    }
}
