using System.Reflection;
using BackupFunctions.Connections;
using BackupFunctions.History;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Ledger;

/// <summary>How a record changes, and that no field is forgotten on the way.</summary>
public sealed class LedgerTransitionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly ConnectionKey Key = new("acronis", "default");
    private static readonly TokenMetadata Token = new("0123456789abcdef", Noon, Noon.AddHours(1));
    private static readonly TokenFailure Refused = new(FailureKind.CredentialsRefused, "It was refused.");
    private static readonly AttemptRefusals None = new([], 0);

    /// <summary>A record in which every field has a value.</summary>
    internal static readonly LedgerEntry Full = new()
    {
        LastSuccess = Noon.AddHours(-2),
        Token = new TokenMetadata("fedcba9876543210", Noon.AddHours(-2), Noon.AddHours(-1)),
        CredentialExpiresAt = Noon.AddDays(9),
        LastFailure = Refused,
        LastFailureAt = Noon.AddHours(-1),
        FailuresInRow = 2,
        NextAttempt = Noon.AddMinutes(5),
        CredentialVersion = "secret=v1",
        RefusedCredentialVersion = "secret=v2",
        DoubtfulRefreshToken = "1111111111111111",
        DeadRefreshToken = "6666666666666666",
        SpentRefreshToken = "2222222222222222",
        UnsavedSeenAt = Noon.AddMinutes(-3),
        SignedOutAt = Noon.AddMinutes(-2),
        SignedInAt = Noon.AddDays(-3),
        Refusals = [Noon.AddMinutes(-10)],
        Rejected = ["3333333333333333"],
        OneTimeCodeStep = 7,
        Incident = new Incident { Id = "acronis-default-1", Since = Noon.AddHours(-1) },
        History = ConnectionHistory.Empty.With(
            new HistoryEvent(
                Noon.AddHours(-1),
                HistoryOutcome.Of(FailureKind.CredentialsRefused),
                new Cause(CauseKind.Refresh, "ann@contoso.com")
            )
        ),
    };

    /// <summary>
    /// What two records that were written apart make of each field: a new field needs a line here, and so a decision.
    /// </summary>
    private static readonly Dictionary<string, string> MergeRules = new(StringComparer.Ordinal)
    {
        [nameof(LedgerEntry.LastSuccess)] = "kept from either",
        [nameof(LedgerEntry.Token)] = "kept from either",
        [nameof(LedgerEntry.CredentialExpiresAt)] = "the newer record's",
        [nameof(LedgerEntry.LastFailure)] = "the newer record's",
        [nameof(LedgerEntry.LastFailureAt)] = "the newer record's",
        [nameof(LedgerEntry.FailuresInRow)] = "the newer record's",
        [nameof(LedgerEntry.NextAttempt)] = "the newer record's",
        [nameof(LedgerEntry.CredentialVersion)] = "the newer record's",
        [nameof(LedgerEntry.RefusedCredentialVersion)] = "the newer record's",
        [nameof(LedgerEntry.DoubtfulRefreshToken)] = "kept from either",
        [nameof(LedgerEntry.DeadRefreshToken)] = "kept from either",
        [nameof(LedgerEntry.SpentRefreshToken)] = "the newer record's",
        [nameof(LedgerEntry.UnsavedSeenAt)] = "kept from either",
        [nameof(LedgerEntry.SignedOutAt)] = "kept from either",
        [nameof(LedgerEntry.SignedInAt)] = "kept from either",
        [nameof(LedgerEntry.Refusals)] = "kept from either",
        [nameof(LedgerEntry.Rejected)] = "kept from either",
        [nameof(LedgerEntry.OneTimeCodeStep)] = "kept from either",
        [nameof(LedgerEntry.Incident)] = "the newer record's",
        [nameof(LedgerEntry.History)] = "kept from either",
    };

    public static TheoryData<string> Fields =>
        [
            .. typeof(LedgerEntry)
                .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.Name != nameof(LedgerEntry.IsAlone))
                .Select(property => property.Name),
        ];

    [Theory]
    [MemberData(nameof(Fields))]
    public void The_record_of_these_tests_fills_every_field(string field)
    {
        var property = typeof(LedgerEntry).GetProperty(field)!;

        Assert.NotEqual(property.GetValue(LedgerEntry.Empty), property.GetValue(Full));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_merge_keeps_or_drops_each_field_as_its_rule_says(string field)
    {
        var property = typeof(LedgerEntry).GetProperty(field)!;
        var withField = (LedgerEntry)Clone(LedgerEntry.Empty);
        property.SetValue(withField, property.GetValue(Full));
        var later = new LedgerEntry { LastSuccess = Noon };

        var merged = withField.MergedWith(later);

        Assert.True(MergeRules.TryGetValue(field, out var rule), $"Decide what a merge makes of {field}.");
        var expected =
            rule == "the newer record's" ? later
            : field == nameof(LedgerEntry.LastSuccess) ? later
            : withField;
        Assert.Equal(property.GetValue(expected), property.GetValue(merged));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_merge_loses_nothing_of_the_newer_record(string field)
    {
        var property = typeof(LedgerEntry).GetProperty(field)!;

        var merged = LedgerEntry.Empty.MergedWith(Full);

        Assert.Equal(property.GetValue(Full), property.GetValue(merged));
    }

    [Fact]
    public void A_success_clears_what_a_failure_left_and_keeps_what_must_not_be_forgotten()
    {
        var after = Full.AfterSuccess(new GrantedToken(Token, ByOperator: false), None, Noon);

        Assert.Equal(
            Full with
            {
                LastSuccess = Noon,
                Token = Token,
                LastFailure = null,
                LastFailureAt = null,
                FailuresInRow = 0,
                NextAttempt = null,
                RefusedCredentialVersion = null,
                DoubtfulRefreshToken = null,
                SpentRefreshToken = null,
                UnsavedSeenAt = null,
                Refusals = after.Refusals,
                Incident = null,
            },
            after
        );
        Assert.Equal(Full.Refusals, after.Refusals);
    }

    [Fact]
    public void A_success_by_an_operator_ends_a_sign_out_and_forgets_refusals()
    {
        var after = Full.AfterSuccess(new GrantedToken(Token, ByOperator: true), None, Noon);

        Assert.Equal((null, Noon), (after.SignedOutAt, after.SignedInAt));
        Assert.Empty(after.Refusals);
        Assert.Equal(2, after.History!.Events.Count);
    }

    [Fact]
    public void A_success_records_the_credentials_only_if_it_read_any()
    {
        var read = new GrantedToken(Token, ByOperator: false) { CredentialVersion = "secret=v3" };

        Assert.Equal("secret=v3", Full.AfterSuccess(read, None, Noon).CredentialVersion);
        Assert.Null(Full.AfterSuccess(read, None, Noon).CredentialExpiresAt);
        Assert.Equal(
            "secret=v1",
            Full.AfterSuccess(read with { CredentialVersion = "" }, None, Noon).CredentialVersion
        );
    }

    [Fact]
    public void A_spent_refresh_token_is_on_record_as_long_as_its_successor_is_not_saved()
    {
        var pending = new GrantedToken(Token, ByOperator: false)
        {
            ReplacedRefreshToken = "4444444444444444",
            IsRefreshTokenPending = true,
        };

        Assert.Equal("4444444444444444", Full.AfterSuccess(pending, None, Noon).SpentRefreshToken);
        Assert.Equal(
            "2222222222222222",
            Full.AfterSuccess(pending with { ReplacedRefreshToken = null }, None, Noon).SpentRefreshToken
        );
        Assert.Null(Full.AfterSuccess(pending with { IsRefreshTokenPending = false }, None, Noon).SpentRefreshToken);
    }

    [Fact]
    public void A_dead_refresh_token_stays_dead_until_the_vendor_grants_that_very_token()
    {
        var granted = new GrantedToken(Token, ByOperator: true) { RefreshToken = "7777777777777777" };

        Assert.Equal("6666666666666666", Full.AfterSuccess(granted, None, Noon).DeadRefreshToken);
        Assert.Equal("6666666666666666", Full.AfterSignOut(Noon).DeadRefreshToken);
        Assert.Equal("8888888888888888", Full.WithDeadRefreshToken("8888888888888888").DeadRefreshToken);
        Assert.Null(Full.AfterSuccess(granted with { RefreshToken = "6666666666666666" }, None, Noon).DeadRefreshToken);
    }

    [Fact]
    public void A_failure_changes_what_the_next_attempt_is_judged_by_and_nothing_else()
    {
        var failed = new FailedAttempt(Key, Refused)
        {
            NextAttempt = Noon.AddHours(1),
            RefusedCredentialVersion = "secret=v3",
            DoubtfulRefreshToken = "5555555555555555",
        };

        var after = Full.AfterFailure(failed, new AttemptRefusals([], 1), Noon);

        Assert.Equal(
            Full with
            {
                LastFailureAt = Noon,
                FailuresInRow = 3,
                NextAttempt = Noon.AddHours(1),
                RefusedCredentialVersion = "secret=v3",
                DoubtfulRefreshToken = "5555555555555555",
                Refusals = after.Refusals,
                History = after.History,
            },
            after
        );
        Assert.Equal(2, after.History!.Events.Count);
        Assert.Equal([Noon.AddMinutes(-10), Noon], after.Refusals);
    }

    [Fact]
    public void A_sign_out_keeps_its_first_instant_and_drops_the_token()
    {
        var after = Full.AfterSignOut(Noon);

        Assert.Equal((Full.SignedOutAt, null, null), (after.SignedOutAt, after.Token, after.DoubtfulRefreshToken));
        Assert.Equal(Noon, LedgerEntry.Empty.AfterSignOut(Noon).SignedOutAt);
        Assert.Same(Full.History, after.History);
    }

    [Fact]
    public void Refusals_stay_in_order_count_for_an_hour_and_replace_what_was_reserved()
    {
        DateTimeOffset[] recorded = [Noon.AddMinutes(-61), Noon.AddMinutes(-30), Noon.AddMinutes(1)];

        var after = new AttemptRefusals([Noon.AddMinutes(-30)], 2).AppliedTo(recorded, Noon);

        Assert.Equal([Noon, Noon, Noon.AddMinutes(1)], after);
        Assert.Equal([Noon.AddMinutes(-10), Noon], Full.WithReserved([Noon]).WithReserved([]).Refusals);
    }

    [Fact]
    public void A_clock_that_is_set_back_sets_the_history_back_with_the_failure()
    {
        var failed = LedgerEntry.Empty.AfterFailure(new FailedAttempt(Key, Refused), None, Noon);

        var after = failed.SetBack(Noon.AddHours(-1), TimeSpan.FromMinutes(40));

        Assert.Equal(Noon.AddMinutes(-40), Assert.Single(after.History!.Events).At);
        Assert.Same(failed, failed.SetBack(Noon.AddHours(1), TimeSpan.FromMinutes(40)));
    }

    private static object Clone(LedgerEntry entry) => entry with { };
}
