using System.Text;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using BackupFunctions.SignIn;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using BackupFunctions.Web;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace BackupFunctions.Core.Tests.Web;

/// <summary>How a one-time code comes in, and what is answered.</summary>
public sealed class EnrolHandlerTests : IAsyncDisposable
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly string Token = SuiteLog.Guard("bearer-token-of-an-enrolment");

    private readonly LogRecorder _log = new();
    private readonly TestTime _time = new() { TimersFireAtOnce = true };
    private readonly Mock<IVendorClient> _vendors = new();
    private readonly RenewalOptions _options = new();
    private readonly ServiceProvider _services;
    private readonly List<string> _codes = [];

    public EnrolHandlerTests()
    {
        _vendors
            .Setup(one => one.SignInAsync(It.IsAny<SignInContext>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(
                (SignInContext signIn, CancellationToken _) =>
                {
                    _codes.Add(signIn.Rotation!.OneTimeCode!.Reveal());
                    return new TokenGrant(
                        new AccessToken(Token, null, _time.GetUtcNow(), _time.GetUtcNow().AddHours(1))
                    );
                }
            );
        _services = HandlerParts
            .Services(
                _time,
                _vendors.Object,
                new FakeTokenStore(),
                _log,
                HandlerParts.Connection(VendorProfiles.Acronis),
                HandlerParts.Connection(VendorProfiles.Veeam)
            )
            .AddSingleton(_options)
            .BuildServiceProvider();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Theory]
    [InlineData(Json, """{"code":"012345"}""")]
    [InlineData("application/json; charset=utf-8", """{ "code": "012 345", "more": 1 }""")]
    [InlineData("application/vnd.contoso+json", """{"code":"012345"}""")]
    [InlineData(Form, "code=012345")]
    [InlineData(Form, "x=1&code=012%20345")]
    public async Task A_code_comes_as_JSON_or_as_a_form_and_the_reply_shows_no_token(string contentType, string body)
    {
        var answer = await EnrolAsync("veeam", contentType, body);

        Assert.Equal((200, "no-store"), (answer.Status, answer.Headers.CacheControl.ToString()));
        Assert.Equal(
            ["vendor", "connection", "expires_in", "expires_at", "base_url", "fingerprint"],
            answer.Json.Select(member => member.Key)
        );
        Assert.Equal(["012345"], _codes);
    }

    [Theory]
    [InlineData(Json, "")]
    [InlineData(Json, "012345")]
    [InlineData(Json, """{"code":12345}""")]
    [InlineData(Json, """{"code":"12345"}""")]
    [InlineData(Json, """{"code":"1234567"}""")]
    [InlineData(Json, """{"code":"12345a"}""")]
    [InlineData(Json, """{"code":"\ud800"}""")]
    [InlineData(Json, """{"code":"١٢٣٤٥٦"}""")]
    [InlineData(Json, """{"code":null}""")]
    [InlineData(Form, "code=")]
    [InlineData(Form, "code=123456&code=123456")]
    [InlineData(Form, "mfa_code=123456")]
    [InlineData("text/plain", "123456")]
    [InlineData("multipart/form-data; boundary=x", "code=123456")]
    [InlineData(null, "code=123456")]
    public async Task What_is_no_code_is_a_bad_parameter_and_reaches_no_vendor(string? contentType, string body)
    {
        var answer = await EnrolAsync("veeam", contentType, body);

        Assert.Equal((400, "invalid-parameter"), (answer.Status, answer.ProblemType));
        Assert.Contains("code", (string)answer.Json["detail"]!, StringComparison.Ordinal);
        Assert.Empty(_codes);
    }

    [Fact]
    public async Task A_body_of_more_than_4_KiB_is_not_read()
    {
        var answer = await EnrolAsync("veeam", Json, """{"code":"123456"}""" + new string(' ', 4096));

        Assert.Equal((400, "invalid-parameter"), (answer.Status, answer.ProblemType));
        Assert.Contains("4096 bytes", (string)answer.Json["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vendor_that_has_no_enrolment_says_so()
    {
        var answer = await EnrolAsync("acronis", Json, """{"code":"123456"}""");

        Assert.Equal((400, "invalid-parameter"), (answer.Status, answer.ProblemType));
        Assert.StartsWith("acronis does not use enrolment", (string)answer.Json["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", "default", "unknown-vendor")]
    [InlineData("veeam", "elsewhere", "unknown-connection")]
    public async Task An_unknown_name_is_404(string vendor, string connection, string type)
    {
        var answer = await EnrolAsync(vendor, Json, """{"code":"123456"}""", connection);

        Assert.Equal((404, type), (answer.Status, answer.ProblemType));
    }

    [Fact]
    public async Task A_host_that_may_not_spend_refresh_tokens_says_so_and_how_it_may()
    {
        _options.MaySpendRefreshTokens = false;

        var answer = await EnrolAsync("veeam", Json, """{"code":"123456"}""");

        Assert.Equal((424, "vault-not-owned"), (answer.Status, answer.ProblemType));
        Assert.Contains("--own-the-vault", (string)answer.Json["detail"]!, StringComparison.Ordinal);
        Assert.Empty(_codes);
    }

    [Fact]
    public async Task A_sign_out_tells_whether_the_vendor_ended_the_session()
    {
        _vendors
            .Setup(one =>
                one.EndSessionAsync(It.IsAny<SignInContext>(), It.IsAny<AccessToken?>(), It.IsAny<CancellationToken>())
            )
            .ReturnsAsync(true);
        await EnrolAsync("veeam", Json, """{"code":"123456"}""");

        var answer = await RevokeAsync("veeam");

        Assert.Equal((200, "no-store"), (answer.Status, answer.Headers.CacheControl.ToString()));
        Assert.Equal(
            """{"vendor":"veeam","connection":"default","state":"signed-out","ended_at_vendor":true,"detail":"The vendor ended the session; its tokens no longer work."}""",
            answer.Body
        );
    }

    [Theory]
    [InlineData("nobody", "default", "unknown-vendor")]
    [InlineData("veeam", "elsewhere", "unknown-connection")]
    public async Task An_unknown_name_cannot_be_signed_out(string vendor, string connection, string type)
    {
        var answer = await RevokeAsync(vendor, connection);

        Assert.Equal((404, type), (answer.Status, answer.ProblemType));
    }

    [Fact]
    public async Task A_host_that_does_not_own_the_vault_signs_nothing_out()
    {
        _options.MaySpendRefreshTokens = false;

        var answer = await RevokeAsync("acronis");

        Assert.Equal((424, "vault-not-owned"), (answer.Status, answer.ProblemType));
        Assert.Null(
            (
                await _services
                    .GetRequiredService<ILedger>()
                    .ReadAsync(new ConnectionKey("acronis", "default"), newest: true, CancellationToken.None)
            ).SignedOutAt
        );
    }

    [Fact]
    public async Task Enrolments_and_sign_outs_are_audited_with_their_outcome()
    {
        var enrolled = await EnrolAsync("veeam", Json, """{"code":"012345"}""");
        await EnrolAsync("veeam", Json, """{"code":"0"}""");
        await RevokeAsync("veeam");
        await RevokeAsync("veeam", "unknown");

        Assert.Equal((200, 3), (enrolled.Status, Audited.Count));
        Assert.Equal([1303, 1303, 1304], Audited.Select(one => one.EventId.Id));
        Assert.Contains(
            $"Enrolment of veeam/default by a caller with a function key: ok, token {Fingerprint.Of(Token)}.",
            Audited[0].Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(": invalid-parameter.", Audited[1].Message, StringComparison.Ordinal);
        Assert.StartsWith("Sign-out of veeam/default by ", Audited[2].Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<RecordedEvent> Audited => [.. _log.Events.Where(one => one.Category == AuditTrail.Category)];

    private async Task<Answer> RevokeAsync(string vendor, string connection = "default")
    {
        var context = new DefaultHttpContext { Request = { Method = "POST" } };
        return await Answer.OfAsync(
            await _services
                .GetRequiredService<OperatorHandlers>()
                .RevokeAsync(context.Request, vendor, connection, CancellationToken.None),
            context
        );
    }

    private async Task<Answer> EnrolAsync(
        string vendor,
        string? contentType,
        string body,
        string connection = "default"
    )
    {
        var context = new DefaultHttpContext
        {
            Request =
            {
                Method = "POST",
                ContentType = contentType,
                Body = new MemoryStream(Encoding.UTF8.GetBytes(body)),
            },
        };
        var handlers = _services.GetRequiredService<OperatorHandlers>();
        return await Answer.OfAsync(
            await handlers.EnrolAsync(context.Request, vendor, connection, CancellationToken.None),
            context
        );
    }
}
