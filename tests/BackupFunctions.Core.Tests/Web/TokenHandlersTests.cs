using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Problems;
using BackupFunctions.Randomness;
using BackupFunctions.SignIn;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace BackupFunctions.Core.Tests.Web;

public sealed class TokenHandlersTests : IAsyncDisposable
{
    private const string Tenant = "11111111-2222-3333-4444-555555555555";
    private const string OtherTenant = "11111111-2222-3333-4444-555555555556";

    private static readonly string Token = SuiteLog.Guard("bearer+token/of=the~handlers");

    private readonly TestTime _time = new();
    private readonly Mock<IVendorClient> _vendors = new();
    private readonly FakeTokenStore _store = new();
    private readonly ServiceProvider _services;
    private readonly DefaultHttpContext _context = new();

    public TokenHandlersTests()
    {
        _services = HandlerParts
            .Services(
                _time,
                _vendors.Object,
                _store,
                log: null,
                HandlerParts.Connection(VendorProfiles.Acronis, baseUrl: "https://eu8-cloud.acronis.com/"),
                HandlerParts.Connection(VendorProfiles.Acronis, "own", tenant: Tenant),
                HandlerParts.Connection(VendorProfiles.Veeam)
            )
            .AddSingleton<RandomSource>(new SeededRandom(1))
            .BuildServiceProvider();
        Grants(() => new AccessToken(Token, null, _time.GetUtcNow(), _time.GetUtcNow().AddSeconds(7012.9)));
    }

    public static TheoryData<FailureKind> Kinds => [.. Enum.GetValues<FailureKind>()];

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task A_token_reply_has_every_field_of_the_contract()
    {
        var answer = await GetAsync("acronis", null);

        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal(
            $$"""{"vendor":"acronis","connection":"default","token_type":"Bearer","access_token":"{{Token}}","authorization":"Bearer {{Token}}","expires_in":7012,"expires_at":"2026-11-22T13:56:52Z","base_url":"https://eu8-cloud.acronis.com","fingerprint":"{{Fingerprint.Of(Token)}}","headers":{},"rejected_statuses":[401]}""",
            answer.Body
        );
    }

    [Fact]
    public async Task An_unknown_base_url_is_null()
    {
        var answer = await GetAsync("VEEAM", "Default");

        Assert.True(answer.Json.TryGetPropertyValue("base_url", out var url));
        Assert.Null(url);
        Assert.Equal(("veeam", "default"), ((string?)answer.Json["vendor"], (string?)answer.Json["connection"]));
    }

    [Theory]
    [InlineData("text/plain", true)]
    [InlineData("text/plain; charset=utf-8", true)]
    [InlineData("TEXT/PLAIN", true)]
    [InlineData("text/*", true)]
    [InlineData("text/plain, application/json;q=0.5", true)]
    [InlineData("text/plain;q=0.9, */*;q=0.1", true)]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("application/json", false)]
    [InlineData("application/*, text/plain;q=0.5", false)]
    [InlineData("text/plain, application/json", false)]
    [InlineData("text/plain;q=0", false)]
    [InlineData("text/html", false)]
    [InlineData("*/*, text/plain;q=0.2", false)]
    [InlineData("text/plain text/plain ;;;", false)]
    public async Task A_caller_that_prefers_text_gets_the_bare_token(string accept, bool bare)
    {
        _context.Request.Headers.Accept = accept;

        var answer = await GetAsync("acronis", null);

        Assert.Equal(200, answer.Status);
        Assert.Equal(bare ? "text/plain; charset=utf-8" : "application/json", answer.ContentType);
        Assert.Equal(bare, answer.Body == Token);
        Assert.Equal("no-store", answer.Headers.CacheControl);
        Assert.Equal("Accept", answer.Headers.Vary);
    }

    [Theory]
    [InlineData("?minimumLifetime=-1")]
    [InlineData("?minimumLifetime=86401")]
    [InlineData("?minimumLifetime=1.5")]
    [InlineData("?minimumLifetime=")]
    [InlineData("?minimumLifetime=00:01:00")]
    [InlineData("?minimumLifetime=99999999999")]
    [InlineData("?minimumLifetime=1&minimumLifetime=2")]
    [InlineData("?rejected=")]
    [InlineData("?rejected=0123")]
    [InlineData("?rejected=0123456789abcdeg")]
    [InlineData("?rejected=0123456789abcdef&rejected=0123456789abcdef")]
    [InlineData("?refresh=")]
    [InlineData("?refresh=yes")]
    [InlineData("?somethingElse=1")]
    [InlineData("?refresh=1")]
    [InlineData("?refresh=true&refresh=false")]
    [InlineData("?tenant=")]
    [InlineData("?tenant=default")]
    [InlineData("?tenant=11111111222233334444555555555555")]
    [InlineData("?tenant=" + Tenant + "&tenant=" + OtherTenant)]
    public async Task An_invalid_parameter_is_named_and_the_vendor_is_not_called(string query)
    {
        var answer = await GetAsync("acronis", null, query);

        Assert.Equal((400, "invalid-parameter"), (answer.Status, answer.ProblemType));
        Assert.StartsWith(query[1..].Split('=')[0], (string)answer.Json["detail"]!, StringComparison.Ordinal);
        _vendors.Verify(
            vendor => vendor.SignInAsync(It.IsAny<SignInContext>(), It.IsAny<CancellationToken>()),
            Times.Never
        );
    }

    [Theory]
    [InlineData("?minimumLifetime=0")]
    [InlineData("?minimumLifetime=86400")]
    [InlineData("?MINIMUMLIFETIME=60&Refresh=False")]
    [InlineData("?rejected=0123456789ABCDEF")]
    [InlineData("?refresh=TRUE")]
    [InlineData("?code=a-function-key&clientId=flows")]
    public async Task A_valid_parameter_gets_a_token(string query) =>
        Assert.Equal(200, (await GetAsync("acronis", null, query)).Status);

    [Fact]
    public async Task A_rejected_token_is_replaced()
    {
        await GetAsync("acronis", null);
        Grants(() => new AccessToken("another-token", null, _time.GetUtcNow(), _time.GetUtcNow().AddHours(1)));

        var answer = await GetAsync("acronis", null, "?rejected=" + Fingerprint.Of(Token).ToUpperInvariant());

        Assert.Equal("another-token", (string?)answer.Json["access_token"]);
    }

    [Theory]
    [InlineData("nobody", null, "unknown-vendor")]
    [InlineData("0", null, "unknown-vendor")]
    [InlineData("acronis", "elsewhere", "unknown-connection")]
    [InlineData("<script>", "default", "unknown-vendor")]
    [InlineData("acronis", "a\r\nb", "unknown-connection")]
    public async Task An_unknown_name_is_404_and_echoed_only_if_harmless(string vendor, string? connection, string type)
    {
        var answer = await GetAsync(vendor, connection);

        Assert.Equal((404, type), (answer.Status, answer.ProblemType));
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Equal("no-store", answer.Headers.CacheControl);
        Assert.DoesNotContain("script", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\\r", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("veeam", "default", Tenant, 400)]
    [InlineData("acronis", "own", OtherTenant, 400)]
    [InlineData("acronis", "own", Tenant, 200)]
    [InlineData("acronis", "default", Tenant, 200)]
    public async Task A_tenant_is_only_for_connections_without_their_own(
        string vendor,
        string connection,
        string tenant,
        int status
    )
    {
        _vendors
            .Setup(one =>
                one.GetTenantTokenAsync(
                    It.IsAny<Connection>(),
                    It.IsAny<AccessToken>(),
                    Guid.Parse(tenant),
                    It.IsAny<CancellationToken>()
                )
            )
            .ReturnsAsync(new AccessToken("the-tenants-token", null, _time.GetUtcNow(), _time.GetUtcNow().AddHours(1)));

        var answer = await GetAsync(vendor, connection, "?tenant=" + tenant);

        Assert.Equal(status, answer.Status);
        if (status == 400)
            Assert.Equal("invalid-parameter", answer.ProblemType);
        else
            Assert.Equal(connection == "own" ? Token : "the-tenants-token", (string?)answer.Json["access_token"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_failure_kind_has_a_row_in_the_contracts_table(FailureKind kind)
    {
        var type = ProblemType.Of(kind);

        Assert.Equal(
            string.Concat(
                    kind.ToString()
                        .Select(
                            (character, index) =>
                                char.IsUpper(character) && index > 0 ? "-" + character : character.ToString()
                        )
                )
                .ToLowerInvariant(),
            type.Name
        );
        Assert.Equal(new TokenFailure(kind, "").NeedsOperator ? 424 : 503, type.Status);
        Assert.EndsWith(type.Name, type.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void An_undefined_failure_kind_has_no_row() =>
        Assert.Throws<InvalidOperationException>(() => ProblemType.Of((FailureKind)99));

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_failure_is_a_problem_with_a_detail_and_a_retry_after(FailureKind kind)
    {
        _vendors
            .Setup(vendor => vendor.SignInAsync(It.IsAny<SignInContext>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(
                new TokenException(
                    new TokenFailure(kind, "What is wrong.")
                    {
                        OAuthError = "invalid_client",
                        RetryAfter = TimeSpan.FromSeconds(400.2),
                    },
                    new InvalidOperationException(Token[..4])
                )
            );

        var answer = await GetAsync("acronis", null);

        var type = ProblemType.Of(kind);
        Assert.Equal((type.Status, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.Equal(
            ["type", "title", "status", "detail", "vendor", "connection", "oauth_error"],
            answer.Json.Select(member => member.Key)
        );
        Assert.Equal(
            ("acronis", "default", "invalid_client"),
            ((string?)answer.Json["vendor"], (string?)answer.Json["connection"], (string?)answer.Json["oauth_error"])
        );
        Assert.Equal(type.Status, (int)answer.Json["status"]!);
        Assert.Equal("no-store", answer.Headers.CacheControl);
        Assert.Equal(type.Status == 503 ? "401" : "", answer.Headers.RetryAfter.ToString());
    }

    [Theory]
    [InlineData(null, "30")]
    [InlineData(0.0, "1")]
    [InlineData(-5.0, "1")]
    [InlineData(0.2, "1")]
    [InlineData(29.0, "29")]
    [InlineData(29.001, "30")]
    public async Task Retry_after_is_whole_seconds_rounded_up(double? seconds, string expected)
    {
        var failure = new TokenFailure(FailureKind.BackingOff, "Wait.")
        {
            RetryAfter = seconds is { } wait ? TimeSpan.FromSeconds(wait) : null,
        };

        var answer = await Answer.OfAsync(
            Reply.OfProblem(ProblemType.Of(failure.Kind), failure.Detail, "acronis", "default", failure),
            _context
        );

        Assert.Equal(expected, answer.Headers.RetryAfter);
        Assert.DoesNotContain("oauth_error", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_is_a_500_without_details_and_a_log_entry_with_them()
    {
        _store.BeforeRead = () => throw new NotSupportedException("our own mistake 4711");

        var answer = await GetAsync("acronis", null);

        Assert.Equal((500, "internal-error"), (answer.Status, answer.ProblemType));
        Assert.DoesNotContain("4711", answer.Body, StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.CacheControl);
        Assert.Contains(SuiteLog.Recorder.Events, one =>
            one.EventId.Id == 2002 && one.Exception?.Contains("4711", StringComparison.Ordinal) == true
        );
    }

    [Fact]
    public async Task A_caller_that_hangs_up_gets_no_reply_and_the_sign_in_goes_on()
    {
        using var gone = new CancellationTokenSource();
        var granted = new TaskCompletionSource<TokenGrant>();
        _vendors
            .Setup(vendor => vendor.SignInAsync(It.IsAny<SignInContext>(), It.IsAny<CancellationToken>()))
            .Returns(granted.Task);

        var first = Handlers().GetTokenAsync(_context.Request, "acronis", null, gone.Token);
        await gone.CancelAsync();
        var answer = await Answer.OfAsync(await first, _context);
        granted.SetResult(
            new TokenGrant(new AccessToken(Token, null, _time.GetUtcNow(), _time.GetUtcNow().AddHours(1)))
        );
        var second = await GetAsync("acronis", null);

        Assert.Equal("", answer.Body);
        Assert.Equal(200, second.Status);
        _vendors.Verify(
            vendor => vendor.SignInAsync(It.IsAny<SignInContext>(), It.IsAny<CancellationToken>()),
            Times.Once
        );
    }

    [Fact]
    public async Task A_refresh_describes_the_new_token_without_returning_it()
    {
        _context.Request.Method = "POST";

        var answer = await Answer.OfAsync(
            await _services
                .GetRequiredService<OperatorHandlers>()
                .RefreshAsync(_context.Request, "acronis", null, CancellationToken.None),
            _context
        );

        Assert.Equal(
            ["vendor", "connection", "expires_in", "expires_at", "base_url", "fingerprint"],
            answer.Json.Select(member => member.Key)
        );
        Assert.DoesNotContain(Token, answer.Body, StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.CacheControl);
    }

    [Fact]
    public async Task A_head_request_gets_the_length_but_no_token()
    {
        _context.Request.Method = "HEAD";

        var answer = await GetAsync("acronis", null);

        Assert.Equal("", answer.Body);
        Assert.True(answer.Headers.ContentLength > Token.Length);
    }

    [Fact]
    public void Types_with_a_token_print_redacted() =>
        Assert.Equal(
            "[redacted]",
            new TokenBody(
                "v",
                "c",
                "Bearer",
                Token,
                Token,
                1,
                "",
                null,
                "",
                new Dictionary<string, string>(),
                [401]
            ).ToString()
        );

    private void Grants(Func<AccessToken> token)
    {
        _vendors
            .Setup(one => one.SignInAsync(It.IsAny<SignInContext>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(() => new TokenGrant(token()));
    }

    private TokenHandlers Handlers() => _services.GetRequiredService<TokenHandlers>();

    private async Task<Answer> GetAsync(string vendor, string? connection, string query = "")
    {
        _context.Request.QueryString = new QueryString(query);
        return await Answer.OfAsync(
            await Handlers().GetTokenAsync(_context.Request, vendor, connection, CancellationToken.None),
            _context
        );
    }
}
