using BackupFunctions.Emulators;
using BackupFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>What callers see when the vendor, the vault or a credential fails, over HTTP.</summary>
public sealed class BadNightTests
{
    private static readonly DateTimeOffset Evening = new(2026, 11, 22, 21, 0, 0, TimeSpan.Zero);

    /// <summary>Far longer than anything here takes; a test that waits this long fails.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Names_that_do_not_exist_are_404()
    {
        await using var host = await RunningHost.StartAsync();

        var vendor = await host.GetTokenAsync("contoso");
        var number = await host.GetTokenAsync("0");
        var connection = await host.GetTokenAsync("acronis/contoso");

        Assert.Equal((404, "unknown-vendor"), (vendor.Status, vendor.Problem));
        Assert.Equal((404, "unknown-vendor"), (number.Status, number.Problem));
        Assert.Equal((404, "unknown-connection"), (connection.Status, connection.Problem));
        Assert.All([vendor, number, connection], reply =>
            Assert.Equal(("application/problem+json", "no-store"), (reply.ContentType, reply.CacheControl))
        );
    }

    [Theory]
    [InlineData("acronis?minimumLifetime=abc")]
    [InlineData("acronis?minimumLifetime=-1")]
    [InlineData("acronis?minimumLifetime=86401")]
    [InlineData("acronis?rejected=xyz")]
    [InlineData("acronis?refresh=maybe")]
    [InlineData("acronis?tenant=contoso")]
    [InlineData("veeam?tenant=5a1f7c1e-0d3b-4c55-9e0a-6d1f0c2b7a41")]
    public async Task A_bad_parameter_is_400_and_asks_nobody(string path)
    {
        await using var host = await RunningHost.StartAsync();

        var reply = await host.GetTokenAsync(path);

        Assert.Equal((400, "invalid-parameter"), (reply.Status, reply.Problem));
        Assert.Equal((0, 0), host.Calls());
    }

    [Fact]
    public async Task A_refused_secret_is_424_once_and_a_new_version_is_picked_up_at_once()
    {
        await using var host = await RunningHost.StartAsync();
        host.Emulators.Acronis.ClientSecret = SuiteLog.Guard("another-secret-1");

        var refused = await host.GetTokenAsync("acronis");
        var held = await host.GetTokenAsync("acronis");
        var callsWhileHeld = host.Emulators.Acronis.Counters["token"];
        host.Emulators.Acronis.ClientSecret = SuiteLog.Guard("another-secret-2");
        host.Emulators.Vault.Secrets.Set("acronis-default-client-secret", "another-secret-2");
        var mended = await Eventually(() => host.GetTokenAsync("acronis"), reply => reply.Status == 200);

        Assert.Equal(
            (424, "credentials-refused", "invalid_client"),
            (refused.Status, refused.Problem, refused.Text("oauth_error"))
        );
        Assert.Equal((424, "credentials-refused"), (held.Status, held.Problem));
        Assert.Null(held.RetryAfter);
        Assert.Equal(1, callsWhileHeld);
        Assert.Equal(200, mended.Status);
    }

    [Fact]
    public async Task An_absent_secret_is_424_until_three_seconds_after_it_is_saved()
    {
        var time = new FakeTimeProvider(Evening);
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string> { ["Connections__BackupNet__default__ClientSecretName"] = "portal-secret" },
            time: time
        );

        var missing = await host.GetTokenAsync("backupnet");
        host.Emulators.Vault.Secrets.Set("portal-secret", host.Emulators.BackupNet.ClientSecret);
        time.Advance(TimeSpan.FromSeconds(3));
        var served = await host.GetTokenAsync("backupnet");

        Assert.Equal((424, "credential-missing"), (missing.Status, missing.Problem));
        Assert.Contains("portal-secret", missing.Text("detail")!, StringComparison.Ordinal);
        Assert.Equal(200, served.Status);
    }

    [Fact]
    public async Task A_denied_vault_is_424()
    {
        await using var host = await RunningHost.StartAsync();
        host.Emulators.Vault.Deny("get");

        var reply = await host.GetTokenAsync("acronis");

        Assert.Equal((424, "vault-access-denied"), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task A_throttling_vendor_is_503_with_its_own_wait_and_is_not_called_until_then()
    {
        await using var host = await RunningHost.StartAsync();
        host.Emulators.Acronis.Faults.Add("token", Fault.Status(429, retryAfter: TimeSpan.FromSeconds(120)));

        var throttled = await host.GetTokenAsync("acronis");
        var waiting = await host.GetTokenAsync("acronis");

        Assert.Equal(
            (503, "vendor-throttled", TimeSpan.FromSeconds(120)),
            (throttled.Status, throttled.Problem, throttled.RetryAfter)
        );
        Assert.Equal((503, "backing-off"), (waiting.Status, waiting.Problem));
        Assert.InRange(waiting.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(120));
        Assert.Equal(1, host.Emulators.Acronis.Counters["token"]);
    }

    public static TheoryData<string> UnusableReplies { get; } =
    [
        "html",
        "empty",
        "not-json",
        "truncated",
        "huge",
        "gzip",
        "deep",
        "no-token",
        "zero",
        "negative",
        "no number",
        "redirect",
    ];

    [Theory]
    [MemberData(nameof(UnusableReplies))]
    public async Task An_unusable_reply_is_a_typed_failure_and_never_a_token(string reply)
    {
        await using var host = await RunningHost.StartAsync();
        host.Emulators.BackupNet.Faults.Add(
            "token",
            reply switch
            {
                "html" => Fault.Html(),
                "empty" => Fault.Empty(),
                "not-json" => Fault.NotJson(),
                "truncated" => Fault.TruncatedJson(),
                "huge" => Fault.Oversize(1L << 30),
                "gzip" => Fault.GzipBomb(1L << 28),
                "deep" => Fault.DeepJson(),
                "no-token" => Fault.EditReply(json => json.Remove("access_token")),
                "zero" => Fault.EditReply(json => json["expires_in"] = 0),
                "negative" => Fault.EditReply(json => (json["access_token"], json["expires_in"]) = ("opaque", -5)),
                "no number" => Fault.EditReply(json => (json["access_token"], json["expires_in"]) = ("opaque", "soon")),
                "redirect" => Fault.Redirect(new Uri("http://169.254.169.254/latest/meta-data")),
                _ => throw new ArgumentOutOfRangeException(nameof(reply)),
            }
        );

        var got = await host.GetTokenAsync("backupnet");

        Assert.Equal((503, "vendor-reply-unusable"), (got.Status, got.Problem));
        Assert.NotNull(got.RetryAfter);
        Assert.Equal(1, host.Emulators.BackupNet.Counters["token"]);
        Assert.DoesNotContain("backupnet-default-access-token", host.Emulators.Vault.Secrets.Names);
    }

    [Fact]
    public async Task A_token_in_memory_is_served_during_any_outage()
    {
        await using var host = await RunningHost.StartAsync();
        var before = await host.GetTokenAsync("acronis");
        host.Emulators.Acronis.Faults.Add("token", Fault.Reset());
        host.Emulators.Vault.Faults.Add("get", Fault.Status(503));

        var during = await host.GetTokenAsync("acronis");

        Assert.Equal(before.AccessToken, during.AccessToken);
    }

    [Fact]
    public async Task A_known_credential_signs_in_while_the_vault_is_down()
    {
        await using var host = await RunningHost.StartAsync();
        var before = await host.GetTokenAsync("acronis");
        host.Emulators.Vault.Faults.Add("get", Fault.Status(503));
        host.Emulators.Vault.Faults.Add("set", Fault.Status(503));

        var during = await host.GetTokenAsync($"acronis?rejected={before.Fingerprint}");

        Assert.Equal(200, during.Status);
        Assert.NotEqual(before.AccessToken, during.AccessToken);
        Assert.True(host.Emulators.Acronis.IsLive(during.AccessToken));
    }

    [Fact]
    public async Task A_vault_that_is_down_is_503_if_nothing_is_known()
    {
        await using var host = await RunningHost.StartAsync();
        host.Emulators.Vault.Faults.Add("get", Fault.Status(503));

        var reply = await host.GetTokenAsync("acronis");

        Assert.Equal((503, "vault-unavailable"), (reply.Status, reply.Problem));
        Assert.Equal(0, host.Emulators.Acronis.Counters["token"]);
    }

    [Fact]
    public async Task A_rejected_token_is_renewed_and_never_served_again()
    {
        await using var host = await RunningHost.StartAsync();
        var first = await host.GetTokenAsync("veeam");

        var second = await host.GetTokenAsync($"veeam?rejected={first.Fingerprint}");
        var third = await host.GetTokenAsync($"veeam?rejected={first.Fingerprint}");

        Assert.NotEqual(first.AccessToken, second.AccessToken);
        Assert.True(host.Emulators.Veeam.IsLive(second.AccessToken));
        Assert.Equal(second.AccessToken, third.AccessToken);
    }

    [Fact]
    public async Task Tokens_are_renewed_by_the_timers_before_they_expire()
    {
        var time = new FakeTimeProvider(Evening);
        await using var host = await RunningHost.StartAsync(time: time);
        var first = await host.GetTokenAsync("veeam");
        var refreshToken = SuiteLog.Guard(
            host.Emulators.Veeam.IsLiveRefreshToken(Refresh(host)) ? Refresh(host) : "not-live-at-all"
        );

        // A token of one hour enters its refresh window 15 minutes before it expires; the tick at 21:40 is the last
        // before that.
        time.Advance(TimeSpan.FromMinutes(40));
        await host.Emulators.Veeam.Counters.WaitForAsync("token", 3).WaitAsync(Patience);
        var second = await Eventually(
            () => host.GetTokenAsync("veeam"),
            reply => reply.AccessToken != first.AccessToken
        );

        Assert.True(host.Emulators.Veeam.IsLive(second.AccessToken));
        Assert.False(host.Emulators.Veeam.IsLiveRefreshToken(refreshToken));
        Assert.True(host.Emulators.Veeam.IsLiveRefreshToken(Refresh(host)));
    }

    [Fact]
    public async Task A_timer_function_runs_now_on_demand()
    {
        await using var host = await RunningHost.StartAsync();

        using var accepted = await host.Client.PostAsync("/admin/functions/RefreshAvePoint", null);
        using var unknown = await host.Client.PostAsync("/admin/functions/RefreshContoso", null);
        await host.Emulators.AvePoint.Counters.WaitForAsync("token", 1).WaitAsync(Patience);
        var reply = await host.GetTokenAsync("avepoint");

        Assert.Equal((202, 404), ((int)accepted.StatusCode, (int)unknown.StatusCode));
        Assert.Equal(200, reply.Status);
        Assert.Equal(1, host.Emulators.AvePoint.Counters["token"]);
    }

    [Fact]
    public async Task An_operators_refresh_overrides_back_off_and_shows_no_token()
    {
        await using var host = await RunningHost.StartAsync();
        host.Emulators.BackupNet.Faults.Add("token", Fault.Html(), times: 1);
        var failed = await host.GetTokenAsync("backupnet");

        using var refreshed = await host.Client.PostAsync("/api/Refresh/backupnet", null);
        var after = await host.GetTokenAsync("backupnet");

        Assert.Equal(503, failed.Status);
        Assert.Equal(200, (int)refreshed.StatusCode);
        Assert.DoesNotContain(after.AccessToken, await refreshed.Content.ReadAsStringAsync());
        Assert.Equal(2, host.Emulators.BackupNet.Counters["token"]);
    }

    private static string Refresh(RunningHost host) =>
        host.Emulators.Vault.Secrets.Get("veeam-default-refresh-token")!.Value;

    /// <summary>
    /// Repeats the request until it succeeds: the host asks the vault for changes at most once a second.
    /// </summary>
    private static async Task<GotToken> Eventually(Func<Task<GotToken>> ask, Func<GotToken, bool> isThere)
    {
        var asked = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var reply = await ask();
            if (isThere(reply) || TimeProvider.System.GetElapsedTime(asked) > Patience)
            {
                return reply;
            }

            await Task.Yield();
        }
    }
}
