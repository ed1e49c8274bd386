using BackupFunctions.Check;
using BackupFunctions.Connections;
using BackupFunctions.Emulators;
using BackupFunctions.Renewal;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.Check;

public sealed class SignInCheckTests
{
    private static readonly CheckRequest Acronis = new() { Vendor = "acronis" };
    private static readonly ConnectionKey Key = new("acronis", "default");

    [Fact]
    public async Task Every_connection_is_signed_in_once_and_its_token_is_in_the_vault()
    {
        await using var world = await CheckWorld.StartAsync();

        var report = await world.CheckAsync();

        Assert.Equal(0, report.ExitStatus);
        Assert.Equal(VendorProfiles.BuiltIn.Count, report.Findings.Count(finding => finding.Type.Id == "sign-in-good"));
        Assert.Equal(VendorProfiles.BuiltIn.Count, report.Findings.Count(finding => finding.Type.Id == "token-saved"));
        Assert.Equal(
            VendorProfiles
                .BuiltIn.Where(vendor => vendor.HarmlessCall is not null)
                .Select(vendor => $"{vendor.Name}/default"),
            report.Findings.Where(finding => finding.Type.Id == "api-call-good").Select(finding => finding.Subject)
        );
        Assert.Single(report.Findings, finding =>
            finding is { Type.Id: "api-call-good", Subject: "veeam-vbr/default" }
        );
        Assert.All(
            [world.Emulators.Acronis, world.Emulators.AvePoint, world.Emulators.BackupNet],
            (VendorEmulator vendor) => Assert.Equal(1, vendor.IssuedTokens)
        );
        Assert.Matches(
            "^Signed in; the token expires in 1(19|20) min[.]$",
            report.One("sign-in-good", "acronis/default").Sentence
        );
    }

    [Fact]
    public async Task A_refusal_that_other_credentials_cannot_resolve_offers_no_command_to_save_them()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Acronis.Faults.Add(
            Endpoints.Token,
            Fault.Status(400, """{"error":"unsupported_grant_type"}""", "application/json")
        );

        var refused = (await world.CheckAsync(Acronis)).One("sign-in-refused", "acronis/default");

        Assert.Null(refused.Command);
        Assert.StartsWith("Other credentials will not help.", refused.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("new version", refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_very_recent_token_counts_as_a_sign_in()
    {
        await using var world = await CheckWorld.StartAsync();
        await world.CheckAsync(Acronis);

        var report = await world.CheckAsync(Acronis);

        Assert.StartsWith(
            "Signed in less than 30 s ago",
            report.One("sign-in-good", "acronis/default").Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal(1, world.TokenRequests);
    }

    [Fact]
    public async Task A_usable_token_does_not_hide_that_signing_in_no_longer_works()
    {
        var time = new FakeTimeProvider(TestTime.Noon);
        await using var world = await CheckWorld.StartAsync(options: new EmulatorOptions { Time = time });
        await world.CheckAsync(Acronis);
        time.Advance(TimeSpan.FromMinutes(10));
        world.Emulators.Acronis.ClientSecret = SuiteLog.Guard("another-secret-at-the-vendor");

        var report = await world.CheckAsync(Acronis);
        time.Advance(TimeSpan.FromSeconds(1));
        var again = await world.CheckAsync(Acronis);

        Assert.EndsWith(
            "The current token expires at 14:00 UTC.",
            report.One("sign-in-refused", "acronis/default").Sentence,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Not retried",
            again.One("sign-in-held", "acronis/default").Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal(2, world.TokenRequests);
    }

    [Fact]
    public async Task Repeated_checks_try_refused_credentials_once()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Acronis.ClientDisabled = true;

        var first = await world.CheckAsync(Acronis);
        var second = await world.CheckAsync(Acronis);

        var refused = first.One("sign-in-refused", "acronis/default");
        Assert.Contains("401 invalid_client", refused.Sentence, StringComparison.Ordinal);
        Assert.Equal("EmbeddedVault__Secrets__acronis_default_client_secret=<its value>", refused.Command);
        Assert.Equal(FindingLevel.Error, second.One("sign-in-held", "acronis/default").Type.Level);
        Assert.Equal(1, world.TokenRequests);
    }

    [Fact]
    public async Task An_account_refused_three_times_within_the_hour_is_not_tried()
    {
        await using var world = await CheckWorld.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        await world.Ledger.UpdateAsync(
            Key,
            entry =>
                entry with
                {
                    Refusals = [now.AddMinutes(-9), now.AddMinutes(-6), now.AddMinutes(-3)],
                    LastFailure = new TokenFailure(FailureKind.CredentialsRefused, "The vendor said no."),
                },
            TestContext.Current.CancellationToken
        );

        var report = await world.CheckAsync(Acronis);

        Assert.Contains(
            "The vendor said no.",
            report.One("sign-in-held", "acronis/default").Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal(0, world.TokenRequests);
    }

    [Fact]
    public async Task A_connection_that_backs_off_is_not_tried()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Acronis.Faults.Add(Endpoints.Token, Fault.Status(429, retryAfter: TimeSpan.FromSeconds(120)));

        var first = await world.CheckAsync(Acronis);
        var second = await world.CheckAsync(Acronis);

        Assert.Equal(FindingLevel.Error, first.One("sign-in-failed", "acronis/default").Type.Level);
        Assert.Equal(FindingLevel.Warning, second.One("sign-in-backing-off", "acronis/default").Type.Level);
        Assert.Equal(1, world.TokenRequests);
    }

    [Fact]
    public async Task A_connection_that_an_operator_signed_out_stays_signed_out()
    {
        await using var world = await CheckWorld.StartAsync();
        await world.Ledger.UpdateAsync(
            Key,
            entry => entry with { SignedOutAt = TimeProvider.System.GetUtcNow() },
            TestContext.Current.CancellationToken
        );

        var report = await world.CheckAsync(Acronis);

        Assert.Equal(
            "POST /api/Refresh/acronis/default signs it in again.",
            report.One("signed-out", "acronis/default").Remedy!
        );
        Assert.Equal(0, world.TokenRequests);
    }

    [Fact]
    public async Task Without_a_sign_in_no_vendor_is_asked_for_a_token()
    {
        await using var world = await CheckWorld.StartAsync();

        var report = await world.LookAsync();

        Assert.Equal("Skipped as requested.", report.One("sign-in-left-out").Sentence);
        Assert.Equal(0, world.TokenRequests);
    }

    [Fact]
    public async Task No_single_use_refresh_token_is_spent_where_another_deployment_may_rely_on_it()
    {
        await using var world = await CheckWorld.StartAsync(services: services =>
            services.AddSingleton(new RenewalOptions { MaySpendRefreshTokens = false })
        );

        var report = await world.CheckAsync();

        Assert.Contains(
            "--own-the-vault",
            report.One("sign-in-left-out", "veeam/default").Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal(0, world.Emulators.Veeam.Counters[Endpoints.Token]);
        Assert.Equal(
            VendorProfiles.BuiltIn.Count(vendor => !vendor.RotatesRefreshTokens),
            report.Findings.Count(finding => finding.Type.Id == "sign-in-good")
        );
    }

    [Fact]
    public async Task A_token_that_the_vault_did_not_save_is_an_error()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Vault.Deny(Endpoints.Set);

        var report = await world.CheckAsync(new CheckRequest { Vendor = "veeam" });

        report.One("sign-in-good", "veeam/default");
        var unsaved = report
            .Findings.Where(finding => finding.Type.Id == "token-not-saved")
            .Select(finding => finding.Sentence)
            .ToList();
        Assert.Contains("did not save veeam-default-access-token", unsaved[0], StringComparison.Ordinal);
        Assert.Contains("did not save veeam-default-refresh-token", unsaved[1], StringComparison.Ordinal);
        Assert.All(unsaved, sentence => Assert.Contains("setSecret/action", sentence, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_account_with_one_time_codes_but_no_totp_secret_must_be_enrolled()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Vault.Secrets.Delete("veeam-default-totp-secret");

        var first = await world.CheckAsync(new CheckRequest { Vendor = "veeam" });
        var asked = world.TokenRequests;
        var second = await world.CheckAsync(new CheckRequest { Vendor = "veeam" });

        Assert.Equal(FindingLevel.Error, first.One("enrolment-needed", "veeam/default").Type.Level);
        Assert.Equal(first.One("enrolment-needed", "veeam/default"), second.One("enrolment-needed", "veeam/default"));
        Assert.Equal(asked, world.TokenRequests);
    }

    [Fact]
    public async Task A_refused_scope_that_is_not_due_for_a_retry_is_still_reported_as_refused()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["Connections:AvePoint:default:Scope"] = "another.scope" }
        );

        var first = (await world.CheckAsync(new CheckRequest { Vendor = "avepoint" })).One(
            "sign-in-refused",
            "avepoint/default"
        );
        var second = (await world.CheckAsync(new CheckRequest { Vendor = "avepoint" })).One(
            "sign-in-refused",
            "avepoint/default"
        );

        Assert.Equal($"Not due for a retry. Last time: {first.Sentence}", second.Sentence);
        Assert.Equal(first.Remedy, second.Remedy);
        Assert.Equal(1, world.TokenRequests);
    }

    [Fact]
    public async Task A_hanging_sign_in_is_reported_and_continues()
    {
        await using var world = await CheckWorld.StartAsync(services: CheckWorld.WithShortSteps);
        world.Emulators.BackupNet.Faults.Add(Endpoints.Token, Fault.Hang(), times: 1);

        var report = await world.CheckAsync(new CheckRequest { Vendor = "backupnet" });

        Assert.Equal(FindingLevel.Warning, report.One("sign-in-unfinished", "backupnet/default").Type.Level);
    }
}
