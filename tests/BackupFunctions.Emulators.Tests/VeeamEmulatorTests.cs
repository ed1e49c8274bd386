using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OtpNet;

namespace BackupFunctions.Emulators.Tests;

public sealed class VeeamEmulatorTests
{
    private const string Path = "/api/oauth2/token";

    [Fact]
    public async Task The_right_password_is_answered_with_200_and_no_token_while_the_second_factor_is_missing()
    {
        await using var station = await StartAsync();

        using var reply = await PasswordAsync(station);
        var body = await reply.JsonAsync();

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.True(body["mfa_enabled"]!.GetValue<bool>());
        Assert.NotEmpty(body.Text("mfa_token"));
        Assert.Equal(0, body.Number("expires_in"));
        Assert.StartsWith("0001-01-01T00:00:00", body.Text(".expires"), StringComparison.Ordinal);
        Assert.False(body.ContainsKey("access_token"));
        Assert.Equal(0, station.Emulator.IssuedTokens);
    }

    [Fact]
    public async Task The_second_factor_completes_the_sign_in()
    {
        await using var station = await StartAsync();

        var body = await SignInAsync(station);
        using var api = await station.GetAsync("/api/v8/policies/virtualMachines", body.Text("access_token"));
        using var refused = await station.GetAsync("/api/v8/policies/virtualMachines", "other");

        Assert.Equal(3600, body.Number("expires_in"));
        Assert.Equal(station.Now, DateTimeOffset.Parse(body.Text(".issued"), CultureInfo.InvariantCulture));
        Assert.Equal(
            station.Now.AddHours(1),
            DateTimeOffset.Parse(body.Text(".expires"), CultureInfo.InvariantCulture)
        );
        Assert.Equal(station.Emulator.Username, body.Text("username"));
        Assert.Equal("PortalAdmin", body.Text("roleName"));
        Assert.Equal(HttpStatusCode.OK, api.StatusCode);
        await AssertProblemAsync(refused, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_MFA_the_password_is_enough()
    {
        await using var station = await StartAsync();
        station.Emulator.MfaRequired = false;

        var body = await PasswordAsync(station).JsonAsync();

        Assert.True(station.Emulator.IsLive(body.Text("access_token")));
        Assert.False(body["mfa_enabled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_time_step_is_accepted_once()
    {
        await using var station = await StartAsync();
        await SignInAsync(station);
        var pending = (await PasswordAsync(station).JsonAsync()).Text("mfa_token");

        using var again = await ConfirmAsync(station, pending, Code(station));
        station.Time.Advance(TimeSpan.FromSeconds(30));
        using var next = await ConfirmAsync(station, pending, Code(station));

        await AssertProblemAsync(again, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Codes_count_by_the_clock_of_the_appliance()
    {
        await using var station = await StartAsync();
        var pending = (await PasswordAsync(station).JsonAsync()).Text("mfa_token");
        station.Emulator.ClockOffset = TimeSpan.FromMinutes(2);

        using var ours = await ConfirmAsync(station, pending, Code(station));
        using var theirs = await ConfirmAsync(station, pending, Code(station, station.Emulator.Now));

        await AssertProblemAsync(ours, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, theirs.StatusCode);
    }

    [Fact]
    public async Task An_MFA_token_serves_once_and_for_a_while()
    {
        await using var station = await StartAsync();
        var used = (await PasswordAsync(station).JsonAsync()).Text("mfa_token");
        var old = (await PasswordAsync(station).JsonAsync()).Text("mfa_token");
        using var first = await ConfirmAsync(station, used, Code(station));
        station.Time.Advance(TimeSpan.FromMinutes(1));

        using var second = await ConfirmAsync(station, used, Code(station));
        station.Time.Advance(TimeSpan.FromMinutes(5));
        using var late = await ConfirmAsync(station, old, Code(station));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await AssertProblemAsync(second, HttpStatusCode.BadRequest);
        await AssertProblemAsync(late, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_refresh_token_buys_one_new_pair()
    {
        await using var station = await StartAsync();
        var first = await SignInAsync(station);

        var second = await RefreshAsync(station, first.Text("refresh_token")).JsonAsync();
        using var spent = await RefreshAsync(station, first.Text("refresh_token"));

        Assert.NotEqual(first.Text("access_token"), second.Text("access_token"));
        Assert.NotEqual(first.Text("refresh_token"), second.Text("refresh_token"));
        await AssertProblemAsync(spent, HttpStatusCode.BadRequest);
        Assert.True(station.Emulator.IsLiveRefreshToken(second.Text("refresh_token")));
        Assert.False(station.Emulator.IsLiveRefreshToken(first.Text("refresh_token")));
        Assert.True(station.Emulator.IsLive(first.Text("access_token")));
    }

    [Fact]
    public async Task Sign_ins_and_refusals_are_counted_by_what_they_were_made_with()
    {
        await using var station = await StartAsync();
        var first = await SignInAsync(station);
        var pending = (await PasswordAsync(station).JsonAsync()).Text("mfa_token");

        using var spentCode = await ConfirmAsync(station, pending, Code(station));
        using var refreshed = await RefreshAsync(station, first.Text("refresh_token"));
        using var spentToken = await RefreshAsync(station, first.Text("refresh_token"));
        using var neverIssued = await RefreshAsync(station, "other");

        Assert.Equal(1, station.Emulator.SignIns);
        Assert.Equal(1, station.Emulator.RefusedCodes);
        Assert.Equal(2, station.Emulator.RefusedRefreshTokens);
        Assert.Equal(3, station.Emulator.Counters.RefusedSignIns);
    }

    [Fact]
    public async Task A_lost_reply_to_a_refresh_leaves_a_dead_refresh_token()
    {
        await using var station = await StartAsync();
        var first = await SignInAsync(station);
        station.Emulator.Faults.Add(Endpoints.Token, Fault.LoseReply(), times: 1);

        await Assert.ThrowsAsync<HttpRequestException>(() => RefreshAsync(station, first.Text("refresh_token")));
        using var again = await RefreshAsync(station, first.Text("refresh_token"));

        await AssertProblemAsync(again, HttpStatusCode.BadRequest);
        Assert.Equal(2, station.Emulator.IssuedTokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_spent_refresh_token_shown_again_ends_the_session_if_so_set(bool ends)
    {
        await using var station = await StartAsync();
        station.Emulator.ReuseEndsSession = ends;
        var first = await SignInAsync(station);
        var second = await RefreshAsync(station, first.Text("refresh_token")).JsonAsync();

        using var reused = await RefreshAsync(station, first.Text("refresh_token"));

        Assert.Equal(!ends, station.Emulator.IsLive(second.Text("access_token")));
        Assert.Equal(!ends, station.Emulator.IsLiveRefreshToken(second.Text("refresh_token")));
    }

    [Fact]
    public async Task Refresh_tokens_live_14_days_or_15_minutes_if_asked_for_short_ones()
    {
        await using var station = await StartAsync();
        var usual = await SignInAsync(station);
        station.Emulator.MfaRequired = false;
        var brief = await PasswordAsync(station, extra: ("short_lived_refresh_token", "true")).JsonAsync();

        station.Time.Advance(TimeSpan.FromMinutes(15));
        using var tooLate = await RefreshAsync(station, brief.Text("refresh_token"));
        station.Time.Advance(TimeSpan.FromDays(14) - TimeSpan.FromMinutes(16));

        await AssertProblemAsync(tooLate, HttpStatusCode.BadRequest);
        Assert.True(station.Emulator.IsLiveRefreshToken(usual.Text("refresh_token")));
        station.Time.Advance(TimeSpan.FromMinutes(1));
        using var expired = await RefreshAsync(station, usual.Text("refresh_token"));
        await AssertProblemAsync(expired, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_both_its_tokens()
    {
        await using var station = await StartAsync();
        var body = await SignInAsync(station);

        using var signedOut = await station.SendAsync(HttpMethod.Delete, Path, body.Text("access_token"));
        using var again = await station.SendAsync(HttpMethod.Delete, Path, body.Text("access_token"));

        Assert.Equal(HttpStatusCode.NoContent, signedOut.StatusCode);
        await AssertProblemAsync(again, HttpStatusCode.Unauthorized);
        Assert.False(station.Emulator.IsLiveRefreshToken(body.Text("refresh_token")));
        Assert.Equal(2, station.Emulator.Counters[Endpoints.SignOut]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_new_sign_in_ends_earlier_ones_if_so_set(bool ends)
    {
        await using var station = await StartAsync();
        station.Emulator.SignInEndsEarlierSessions = ends;
        var first = await SignInAsync(station);
        station.Time.Advance(TimeSpan.FromSeconds(30));

        var second = await SignInAsync(station);

        Assert.Equal(!ends, station.Emulator.IsLive(first.Text("access_token")));
        Assert.Equal(!ends, station.Emulator.IsLiveRefreshToken(first.Text("refresh_token")));
        Assert.True(station.Emulator.IsLive(second.Text("access_token")));
    }

    [Fact]
    public async Task Five_refused_passwords_lock_the_account_for_15_minutes()
    {
        await using var station = await StartAsync();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var wrong = await PasswordAsync(station, password: "wrong");
            await AssertProblemAsync(wrong, HttpStatusCode.Unauthorized);
        }

        using var locked = await PasswordAsync(station);
        station.Time.Advance(TimeSpan.FromMinutes(15));
        using var unlocked = await PasswordAsync(station);

        await AssertProblemAsync(locked, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, unlocked.StatusCode);
        Assert.Equal(5, station.Emulator.Lockout.RefusedPasswords);
    }

    [Fact]
    public async Task Refused_passwords_that_are_far_apart_or_forgiven_do_not_lock()
    {
        await using var station = await StartAsync();
        foreach (var password in (string[])["a", "b", "c", station.Emulator.Password, "d", "e", "f", "g"])
        {
            using var reply = await PasswordAsync(station, password: password);
        }

        station.Time.Advance(TimeSpan.FromMinutes(15));
        using var later = await PasswordAsync(station, password: "h");

        Assert.False(station.Emulator.Lockout.IsLocked);
        Assert.Equal(8, station.Emulator.Lockout.RefusedPasswords);
    }

    [Fact]
    public async Task Dates_may_come_without_a_zone()
    {
        await using var station = await StartAsync();
        var zoned = await SignInAsync(station);
        station.Time.Advance(TimeSpan.FromSeconds(30));
        station.Emulator.DatesWithoutZone = true;

        var bare = await SignInAsync(station);

        Assert.EndsWith("Z", zoned.Text(".expires"), StringComparison.Ordinal);
        Assert.Equal(
            station.Now.AddHours(1).ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture),
            bare.Text(".expires")
        );
    }

    [Fact]
    public async Task A_contradictory_reply_says_an_hour_and_lives_900_seconds()
    {
        await using var station = await StartAsync();
        station.Emulator.ContradictLifetimes = true;

        var body = await SignInAsync(station);

        Assert.Equal(3600, body.Number("expires_in"));
        Assert.Equal(
            station.Now.AddSeconds(900),
            DateTimeOffset.Parse(body.Text(".expires"), CultureInfo.InvariantCulture)
        );
        Assert.Equal(
            station.Now.AddSeconds(900).ToUnixTimeSeconds(),
            Replies.Claims(body.Text("access_token")).Number("exp")
        );
        Assert.Equal(station.Now.AddSeconds(900), station.Emulator.ExpiresAt(body.Text("access_token")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("password")]
    [InlineData("Mfa")]
    [InlineData("Refresh_token")]
    [InlineData("Password")]
    public async Task A_request_that_lacks_something_is_a_bad_request(string grant)
    {
        await using var station = await StartAsync();

        using var reply = await station.PostFormAsync(Path, ("grant_type", grant));

        await AssertProblemAsync(reply, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_disabled_account_cannot_sign_in_confirm_or_refresh()
    {
        await using var station = await StartAsync();
        var body = await SignInAsync(station);
        var pending = (await PasswordAsync(station).JsonAsync()).Text("mfa_token");
        station.Time.Advance(TimeSpan.FromSeconds(30));
        station.Emulator.ClientDisabled = true;

        using var password = await PasswordAsync(station);
        using var code = await ConfirmAsync(station, pending, Code(station));
        using var refresh = await RefreshAsync(station, body.Text("refresh_token"));

        await AssertProblemAsync(password, HttpStatusCode.Unauthorized);
        await AssertProblemAsync(code, HttpStatusCode.Unauthorized);
        await AssertProblemAsync(refresh, HttpStatusCode.BadRequest);
        Assert.False(station.Emulator.IsLive(body.Text("access_token")));
    }

    [Fact]
    public async Task Of_many_who_spend_one_refresh_token_at_once_one_wins()
    {
        await using var station = await StartAsync();
        var body = await SignInAsync(station);

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => RefreshAsync(station, body.Text("refresh_token")))
        );

        Assert.Single(replies, static reply => reply.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Serves_TLS_with_the_certificate_that_is_to_be_pinned()
    {
        await using var station = await StartAsync();
        string? seen = null;
        using var handler = new SocketsHttpHandler
        {
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    seen = certificate!.GetCertHashString(HashAlgorithmName.SHA256);
                    return false;
                },
            },
        };
        using var client = new HttpClient(handler);

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.GetAsync(station.Emulator.BaseAddress, TestContext.Current.CancellationToken)
        );

        Assert.Equal(station.Emulator.CertificateSha256, seen, ignoreCase: true);
    }

    private static Task<Station<VeeamEmulator>> StartAsync() =>
        Station.StartAsync(static options => new VeeamEmulator(options));

    private static async Task<JsonObject> SignInAsync(Station<VeeamEmulator> station)
    {
        var pending = await PasswordAsync(station).JsonAsync();
        return await ConfirmAsync(station, pending.Text("mfa_token"), Code(station)).JsonAsync();
    }

    private static Task<HttpResponseMessage> PasswordAsync(
        Station<VeeamEmulator> station,
        string? password = null,
        params (string Name, string Value)[] extra
    ) =>
        station.PostFormAsync(
            Path,
            [
                ("grant_type", "Password"),
                ("Username", station.Emulator.Username),
                ("Password", password ?? station.Emulator.Password),
                .. extra,
            ]
        );

    private static Task<HttpResponseMessage> ConfirmAsync(
        Station<VeeamEmulator> station,
        string mfaToken,
        string code
    ) => station.PostFormAsync(Path, ("grant_type", "Mfa"), ("mfa_token", mfaToken), ("mfa_code", code));

    private static Task<HttpResponseMessage> RefreshAsync(Station<VeeamEmulator> station, string refreshToken) =>
        station.PostFormAsync(Path, ("grant_type", "Refresh_token"), ("refresh_token", refreshToken));

    private static string Code(Station<VeeamEmulator> station, DateTimeOffset? at = null) =>
        new Totp(Base32Encoding.ToBytes(station.Emulator.TotpSecret)).ComputeTotp((at ?? station.Now).UtcDateTime);

    private static async Task AssertProblemAsync(HttpResponseMessage reply, HttpStatusCode status)
    {
        Assert.Equal(status, reply.StatusCode);
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType!.MediaType);
        var problem = await reply.JsonAsync();
        Assert.Equal((int)status, problem.Number("status"));
        Assert.NotEmpty(problem.Text("type"));
        Assert.NotEmpty(problem.Text("title"));
        Assert.NotEmpty(problem.Text("detail"));
        Assert.False(problem.ContainsKey("error"));
    }
}
