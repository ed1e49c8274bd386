using System.Text;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.Core.Tests.SignIn;

public sealed class TokenReplyTests
{
    [Fact]
    public void A_reply_becomes_a_grant_that_counts_from_when_the_request_was_sent()
    {
        var reply = Read(
            """{"access_token":"a-bearer-token","token_type":"bEaReR","expires_in":3600,"scope":"all","refresh_token":"r1","unknown":{"x":[1]}}"""
        );

        var grant = reply.ToGrant(TimeSpan.FromDays(14));

        Assert.Equal("a-bearer-token", grant.AccessToken.Reveal());
        Assert.Equal(TestTime.Noon, grant.AccessToken.IssuedAt);
        Assert.Equal(TestTime.Noon.AddHours(1), grant.AccessToken.ExpiresAt);
        Assert.Equal("all", grant.AccessToken.Scope);
        Assert.Equal("r1", grant.RefreshToken!.Reveal());
        Assert.Equal(TestTime.Noon.AddDays(14), grant.RefreshToken.ExpiresAt);
    }

    [Fact]
    public void A_refresh_token_of_unknown_life_has_no_expiry()
    {
        var grant = Read("""{"access_token":"a","refresh_token":"r1"}""").ToGrant();

        Assert.Null(grant.RefreshToken!.ExpiresAt);
    }

    [Theory]
    [InlineData("""{"access_token":"a"}""")]
    [InlineData("""{"access_token":"a","token_type":null,"scope":7,"refresh_token":{}}""")]
    [InlineData("""{"\ud800":1,"access_token":"a"}""")]
    [InlineData("""{"access_token":"a","\ud800":1}""")]
    public void What_is_missing_or_of_another_kind_is_tolerated(string json)
    {
        var grant = Read(json).ToGrant();

        Assert.Equal("a", grant.AccessToken.Reveal());
        Assert.Null(grant.RefreshToken);
    }

    [Theory]
    [InlineData("one two", "one two")]
    [InlineData("one\\r\\ntwo", null)]
    [InlineData("one\\u0000", null)]
    [InlineData("eins-ü", null)]
    public void A_scope_is_printable_ascii_or_none(string scope, string? expected)
    {
        var grant = Read($$"""{"access_token":"a","scope":"{{scope}}"}""").ToGrant();

        Assert.Equal(expected, grant.AccessToken.Scope);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"access_token":""}""")]
    [InlineData("""{"access_token":null}""")]
    [InlineData("""{"access_token":7}""")]
    [InlineData("""{"access_token":["a"]}""")]
    [InlineData("""{"access_token":"\ud800"}""")]
    [InlineData("""{"access_token":"two words"}""")]
    [InlineData("""{"access_token":"line\r\nX-Injected: 1"}""")]
    [InlineData("""{"access_token":"schlüssel"}""")]
    [InlineData("""{"access_token":"a","token_type":"MAC"}""")]
    [InlineData("""{"access_token":"a","expires_in":0}""")]
    [InlineData("""{"access_token":"a","expires_in":"?"}""")]
    [InlineData("""{"access_token":"a",".expires":"0001-01-01T00:00:00"}""")]
    public void What_is_no_living_bearer_token_is_unusable_and_may_have_spent_something(string json)
    {
        var failure = Bench.Failure(() => Read(json).ToGrant());

        Assert.Equal(FailureKind.VendorReplyUnusable, failure.Kind);
        Assert.True(failure.MayHaveReachedVendor);
        Assert.Contains("https://vendor.example/token", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_that_is_no_json_is_unusable() =>
        Assert.Equal(
            FailureKind.VendorReplyUnusable,
            Bench
                .Failure(() =>
                    new TokenReply(
                        ReplyBody.Of("<html>"u8.ToArray()),
                        VendorProfiles.BackupNet,
                        TestTime.Noon,
                        null,
                        "https://vendor.example/token"
                    ).ToGrant()
                )
                .Kind
        );

    [Theory]
    [InlineData("""{"tokens":{"access":{"token":"a","expirySeconds":60}}}""", 60)]
    [InlineData("""{"tokens":{"access":{"token":"a","expirySeconds":"60"}}}""", 60)]
    [InlineData("""{"tokens":{"access":{"token":"a"}},"expirySeconds":7}""", 300)]
    [InlineData("""{"access_token":"b","tokens":{"access":{"token":"a"},"refresh":{"token":"r"}}}""", 300)]
    public void A_nested_reply_is_read_where_the_profile_says(string json, int seconds)
    {
        var token = Read(json, VendorProfiles.NCentral).ToGrant().AccessToken;

        Assert.Equal(("a", TestTime.Noon.AddSeconds(seconds)), (token.Reveal(), token.ExpiresAt));
    }

    [Theory]
    [InlineData("""{"access_token":"a","expires_in":60}""")]
    [InlineData("""{"tokens":null}""")]
    [InlineData("""{"tokens":"a"}""")]
    [InlineData("""{"tokens":["access"]}""")]
    [InlineData("""{"tokens":{"access":"a"}}""")]
    [InlineData("""{"tokens":{"access":[{"token":"a"}]}}""")]
    [InlineData("""{"tokens":{"access":{"token":{"value":"a"}}}}""")]
    [InlineData("""{"tokens":{"access":{"token":7}}}""")]
    [InlineData("""{"tokens/access/token":"a"}""")]
    [InlineData("""{"tokens":{"access":{"token":"a","expirySeconds":0}}}""")]
    [InlineData("""{"tokens":{"access":{"token":"a","expirySeconds":{}}}}""")]
    public void A_nested_reply_of_another_shape_is_unusable(string json) =>
        Assert.Equal(
            FailureKind.VendorReplyUnusable,
            Bench.Failure(() => Read(json, VendorProfiles.NCentral).ToGrant()).Kind
        );

    private static TokenReply Read(string json, VendorProfile? vendor = null) =>
        new(
            ReplyBody.Of(Encoding.UTF8.GetBytes(json)),
            vendor ?? VendorProfiles.BackupNet,
            TestTime.Noon,
            null,
            "https://vendor.example/token"
        );
}
