using System.Globalization;
using System.Net;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.SignIn;

public sealed class TokenErrorReaderTests
{
    private readonly Bench _bench = new();

    [Theory]
    [InlineData(400, "invalid_client", FailureKind.CredentialsRefused)]
    [InlineData(401, "invalid_client", FailureKind.CredentialsRefused)]
    [InlineData(403, "unauthorized_client", FailureKind.CredentialsRefused)]
    [InlineData(400, "invalid_grant", FailureKind.CredentialsRefused)]
    [InlineData(400, "invalid_request", FailureKind.CredentialsRefused)]
    [InlineData(400, "unsupported_grant_type", FailureKind.CredentialsRefused)]
    [InlineData(403, "access_denied", FailureKind.CredentialsRefused)]
    [InlineData(200, "invalid_client", FailureKind.CredentialsRefused)]
    [InlineData(400, "invalid_scope", FailureKind.ScopeRefused)]
    [InlineData(401, "invalid_target", FailureKind.ScopeRefused)]
    [InlineData(400, "temporarily_unavailable", FailureKind.VendorUnavailable)]
    [InlineData(400, "server_error", FailureKind.VendorUnavailable)]
    [InlineData(503, "invalid_client", FailureKind.VendorUnavailable)]
    [InlineData(400, "slow_down", FailureKind.VendorThrottled)]
    [InlineData(429, "invalid_client", FailureKind.VendorThrottled)]
    public async Task An_oauth_error_says_what_kind_of_failure_it_is(int status, string error, FailureKind expected)
    {
        _bench.Network.Answers((HttpStatusCode)status, $$"""{"error":"{{error}}","error_description":"more words"}""");

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.Equal(expected, failure.Kind);
        Assert.Equal(error, failure.OAuthError);
        Assert.Equal(status, failure.HttpStatus);
        Assert.DoesNotContain("more words", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301, FailureKind.VendorReplyUnusable)]
    [InlineData(302, FailureKind.VendorReplyUnusable)]
    [InlineData(307, FailureKind.VendorReplyUnusable)]
    [InlineData(404, FailureKind.VendorReplyUnusable)]
    [InlineData(405, FailureKind.VendorReplyUnusable)]
    [InlineData(408, FailureKind.VendorUnavailable)]
    [InlineData(410, FailureKind.VendorReplyUnusable)]
    [InlineData(415, FailureKind.VendorReplyUnusable)]
    [InlineData(429, FailureKind.VendorThrottled)]
    [InlineData(500, FailureKind.VendorUnavailable)]
    [InlineData(502, FailureKind.VendorUnavailable)]
    [InlineData(503, FailureKind.VendorUnavailable)]
    [InlineData(504, FailureKind.VendorUnavailable)]
    public async Task Without_an_oauth_error_other_statuses_decide_whatever_the_body_is(
        int status,
        FailureKind expected
    )
    {
        foreach (
            var (body, type) in new[]
            {
                ("", "text/plain"),
                ("<html><body>Who are you?</body></html>", "text/html"),
                (
                    """{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Who are you?"}""",
                    "application/problem+json"
                ),
                ("""{"error":{"code":"x","message":"Who are you?"}}""", "application/json"),
                ("[]", "application/json"),
                ("{\"error\":", "application/json"),
            }
        )
        {
            var bench = new Bench();
            bench.Network.Answers((HttpStatusCode)status, body, type);

            var failure = await Bench.FailureAsync(() => bench.RequestAsync());

            Assert.Equal(expected, failure.Kind);
            Assert.Equal(status, failure.HttpStatus);
            Assert.Null(failure.OAuthError);
            Assert.DoesNotContain("Who are you?", failure.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("\\r\\nX-Injected: 1")]
    [InlineData("<script>")]
    [InlineData("")]
    [InlineData("\\ud800")]
    [InlineData("ünknown")]
    public async Task What_is_no_error_code_is_not_taken_for_one(string error)
    {
        _bench.Network.Answers(HttpStatusCode.BadRequest, $$"""{"error":"{{error}}"}""");

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.Equal(FailureKind.CredentialsRefused, failure.Kind);
        Assert.Null(failure.OAuthError);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("The secret {0} is wrong")]
    [InlineData("invalid_secret_{0}")]
    public async Task A_vendor_that_echoes_a_secret_as_its_error_does_not_get_it_into_a_failure(string format)
    {
        var secret = SuiteLog.Guard("8sPq-echoed-Secret-77");
        _bench.Network.Answers(
            HttpStatusCode.Unauthorized,
            $$"""{"error":"{{string.Format(CultureInfo.InvariantCulture, format, secret)}}"}"""
        );

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync());

        Assert.DoesNotContain(secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("120", null, 120)]
    [InlineData("0", null, 0)]
    [InlineData("Sun, 22 Nov 2026 12:02:00 GMT", null, 120)]
    [InlineData("Sun, 22 Nov 2026 11:00:00 GMT", null, 0)]
    [InlineData("Sun, 22 Nov 2026 13:02:00 GMT", "Sun, 22 Nov 2026 13:00:00 GMT", 120)]
    [InlineData("Sun, 22 Nov 2026 12:02:00 GMT", "Sun, 22 Nov 2026 13:00:00 GMT", 0)]
    [InlineData("-5", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("99999999999999", null, null)]
    [InlineData("2147483647", null, 3600)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", 3600)]
    [InlineData(null, null, null)]
    public async Task Retry_after_is_seconds_or_a_date_on_the_vendors_clock_and_believed_for_an_hour_at_most(
        string? retryAfter,
        string? date,
        int? expected
    )
    {
        (string, string)[] headers = [.. Header("Retry-After", retryAfter), .. Header("Date", date)];
        _bench.Network.Answers(HttpStatusCode.ServiceUnavailable, "", "text/plain", headers);

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync(spends: true));

        Assert.Equal(expected, failure.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task A_date_to_wait_for_counts_from_our_clock_where_a_cache_served_the_reply()
    {
        _bench.Network.Answers(
            HttpStatusCode.ServiceUnavailable,
            "",
            "text/plain",
            ("Retry-After", "Sun, 22 Nov 2026 12:02:00 GMT"),
            ("Date", "Sun, 22 Nov 2026 11:10:00 GMT"),
            ("Age", "3000")
        );

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync(spends: true));

        Assert.Equal(120, failure.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(429, false)]
    [InlineData(500, true)]
    [InlineData(404, true)]
    [InlineData(302, true)]
    public async Task Only_a_clear_refusal_spends_nothing(int status, bool mayHaveSpent)
    {
        _bench.Network.Answers((HttpStatusCode)status);

        var failure = await Bench.FailureAsync(() => _bench.RequestAsync(spends: true));

        Assert.Equal(mayHaveSpent, failure.MayHaveReachedVendor);
    }

    private static (string, string)[] Header(string name, string? value) => value is null ? [] : [(name, value)];
}
