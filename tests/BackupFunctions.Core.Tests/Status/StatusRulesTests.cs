using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Ledger;
using BackupFunctions.Problems;
using BackupFunctions.Status;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Status;

public sealed class StatusRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TokenMetadata Live = new(
        "0011223344556677",
        Now.AddMinutes(-8),
        Now.AddMinutes(112).AddSeconds(30)
    );
    private static readonly TokenMetadata Over = new("0011223344556678", Now.AddHours(-3), Now.AddMinutes(-50));
    private static readonly Connection Connection = new TokenWorld().Connection;

    public static TheoryData<FailureKind> Kinds => [.. Enum.GetValues<FailureKind>()];

    [Fact]
    public void A_usable_token_and_nothing_wrong_is_healthy()
    {
        var status = Judge(new LedgerEntry { LastSuccess = Now, Token = Live });

        Assert.Equal((ConnectionHealth.Healthy, Live, null), (status.Health, status.Token, status.NextAttempt));
        Assert.Equal("The token is valid for 1 h 52 min.", status.Summary);
        Assert.Equal(Live.ExpiresAt.AddSeconds(-900), status.RenewFrom);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_failure_says_whether_an_operator_must_act(FailureKind kind)
    {
        var status = Judge(
            new LedgerEntry
            {
                LastFailure = new TokenFailure(kind, "Why."),
                LastFailureAt = Now,
                FailuresInRow = 1,
            }
        );

        var expected =
            kind == FailureKind.EnrolmentNeeded ? ConnectionHealth.EnrolmentNeeded
            : new TokenFailure(kind, "").NeedsOperator ? ConnectionHealth.Refused
            : ConnectionHealth.BackingOff;
        Assert.Equal(expected, status.Health);
        Assert.EndsWith("there is no usable token.", status.Summary, StringComparison.Ordinal);
        Assert.True(
            kind == FailureKind.EnrolmentNeeded
                || status.Summary.StartsWith(ProblemType.Of(kind).Title, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_back_off_reports_the_next_attempt_and_the_current_token()
    {
        var status = Judge(
            new LedgerEntry
            {
                LastSuccess = Now.AddHours(-1),
                Token = Live,
                LastFailure = new TokenFailure(FailureKind.VendorThrottled, "It answered 429."),
                LastFailureAt = Now,
                FailuresInRow = 3,
                NextAttempt = Now.AddMinutes(4),
            }
        );

        Assert.Equal(
            (ConnectionHealth.BackingOff, Live, Now.AddMinutes(4)),
            (status.Health, status.Token, status.NextAttempt)
        );
        Assert.Equal(
            "The vendor is rate limiting us (3 failures in a row); the next attempt is in 4 min; "
                + "the current token is valid for 1 h 52 min.",
            status.Summary
        );
    }

    [Fact]
    public void An_account_on_hold_after_three_refusals_has_a_next_attempt()
    {
        var status = Judge(
            new LedgerEntry { Refusals = [Now.AddMinutes(-30), Now.AddMinutes(-20), Now.AddMinutes(-10)] }
        );

        Assert.Equal((ConnectionHealth.BackingOff, Now.AddMinutes(30)), (status.Health, status.NextAttempt));
    }

    [Fact]
    public void A_signed_out_connection_has_no_token_and_no_next_attempt()
    {
        var status = Judge(
            new LedgerEntry
            {
                SignedOutAt = Now.AddMinutes(-1),
                Token = Live,
                LastFailure = new TokenFailure(FailureKind.CredentialsRefused, "Why."),
                NextAttempt = Now.AddHours(1),
            }
        );

        Assert.Equal((ConnectionHealth.SignedOut, null, null), (status.Health, status.Token, status.NextAttempt));
        Assert.Contains("2026-11-22 11:59 UTC", status.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_without_an_entry_has_never_had_a_token() =>
        Assert.Equal(
            (ConnectionHealth.Never, "No token has been obtained yet."),
            (Judge(LedgerEntry.Empty).Health, Judge(LedgerEntry.Empty).Summary)
        );

    [Fact]
    public void A_token_that_expired_without_a_failure_is_reported()
    {
        var status = Judge(new LedgerEntry { LastSuccess = Now.AddHours(-3), Token = Over });

        Assert.Equal((ConnectionHealth.Never, Over), (status.Health, status.Token));
        Assert.Equal(
            "The last token expired on 2026-11-22 11:10 UTC, and none has been requested since.",
            status.Summary
        );
    }

    [Fact]
    public void A_rejected_token_is_not_shown()
    {
        var status = Judge(
            new LedgerEntry
            {
                LastSuccess = Now,
                Token = Live,
                Rejected = [Live.Fingerprint],
            }
        );

        Assert.Equal((ConnectionHealth.Never, null), (status.Health, status.Token));
        Assert.Contains("can no longer be used", status.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newer_token_of_the_ledger_and_the_vault_counts()
    {
        Assert.Equal(Live, Judge(new LedgerEntry { Token = Over }, Live).Token);
        Assert.Equal(Live, Judge(new LedgerEntry { Token = Live }, Over).Token);
        Assert.Equal(ConnectionHealth.Healthy, Judge(LedgerEntry.Empty, Live).Health);
    }

    [Theory]
    [InlineData(12.5, "its credential expires in 12 days.")]
    [InlineData(-1, "its credential has expired.")]
    [InlineData(31, "min.")]
    public void A_credential_that_expires_soon_is_reported(double days, string end) =>
        Assert.EndsWith(
            end,
            Judge(new LedgerEntry { Token = Live, CredentialExpiresAt = Now.AddDays(days) }).Summary,
            StringComparison.Ordinal
        );

    [Fact]
    public void An_older_certificate_in_use_is_reported() =>
        Assert.Contains(
            "older one is used",
            Judge(new LedgerEntry { Token = Live, RefusedCredentialVersion = "cert=v2" }).Summary,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(61, "1 min")]
    [InlineData(3600, "1 h")]
    [InlineData(86_399, "23 h 59 min")]
    [InlineData(100_000, "27 h 46 min")]
    [InlineData(172_800, "2 days")]
    public void A_duration_has_at_most_two_units(double seconds, string words) =>
        Assert.Equal(words, Duration.InWords(TimeSpan.FromSeconds(seconds)));

    private static ConnectionStatus Judge(LedgerEntry entry, TokenMetadata? saved = null) =>
        StatusRules.StatusOf(Connection, entry, state: null, saved, Now);
}
