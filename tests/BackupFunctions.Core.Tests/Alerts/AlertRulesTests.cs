using BackupFunctions.Alerts;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Alerts;

public sealed class AlertRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan After = TimeSpan.FromMinutes(15);

    /// <summary>All times are minutes after the first failure; it is now the 20th.</summary>
    [Theory]
    [InlineData(FailureKind.CredentialsRefused, null, null, null, null, "Join", 0)]
    [InlineData(FailureKind.VendorUnavailable, null, null, null, null, "Join", 15)]
    [InlineData(FailureKind.VendorUnavailable, null, null, null, 10, "Join", 15)]
    [InlineData(FailureKind.VendorUnavailable, null, null, null, 30, "Join", 30)]
    [InlineData(FailureKind.CredentialsRefused, null, null, null, 30, "Join", 30)]
    [InlineData(FailureKind.VendorUnavailable, 15, "fake/vendor-unavailable", null, null, null, null)]
    [InlineData(FailureKind.VendorUnavailable, 15, "fake/vendor-unavailable", null, 10, null, null)]
    [InlineData(FailureKind.VendorUnavailable, 15, "fake/vendor-unavailable", null, 30, "SetAside", 20)]
    [InlineData(FailureKind.VendorUnavailable, 15, null, null, null, "Join", 20)]
    [InlineData(FailureKind.CredentialsRefused, 15, "fake/vendor-unavailable", null, null, "Join", 20)]
    [InlineData(FailureKind.CredentialsRefused, 15, "fake/scope-refused", null, null, null, null)]
    [InlineData(null, null, null, null, null, null, null)]
    [InlineData(null, 15, "fake/vendor-unavailable", 18, null, "Leave", 18)]
    [InlineData(null, 15, null, 18, null, "Leave", 18)]
    [InlineData(null, null, null, 18, null, null, null)]
    public void A_connection_joins_and_leaves_a_group_when_operators_need_to_know(
        FailureKind? failure,
        int? toldAt,
        string? group,
        int? endedAt,
        int? silentUntil,
        string? action,
        int? dueAt
    )
    {
        var entry = new LedgerEntry
        {
            LastFailure = failure is { } kind ? new TokenFailure(kind, "Why.") : null,
            Incident = new Incident
            {
                Id = "one",
                Since = Start,
                ToldAt = At(toldAt),
                EndedAt = At(endedAt),
                Group = group,
            },
        };

        var step = AlertRules.NextStep(entry, After, At(silentUntil), Start.AddMinutes(20));

        Assert.Equal((action, At(dueAt)), (step?.Action.ToString(), step?.DueAt));
    }

    [Fact]
    public void An_entry_without_an_incident_needs_no_alert() =>
        Assert.Null(AlertRules.NextStep(LedgerEntry.Empty, After, silentUntil: null, Start));

    [Fact]
    public void A_connection_that_an_operator_signed_out_needs_no_alert()
    {
        var entry = new LedgerEntry
        {
            LastFailure = new TokenFailure(FailureKind.CredentialsRefused, "Why."),
            SignedOutAt = Start,
            Incident = new Incident { Id = "one", Since = Start },
        };

        Assert.Null(AlertRules.NextStep(entry, After, silentUntil: null, Start));
    }

    [Theory]
    [InlineData("acronis/credentials-refused", FailureKind.CredentialsRefused)]
    [InlineData("acronis/of-a-later-version", null)]
    [InlineData("/credentials-refused", null)]
    [InlineData("nonsense", null)]
    [InlineData(null, null)]
    public void A_cause_is_read_as_it_was_written(string? text, FailureKind? kind)
    {
        var cause = AlertCause.TryParse(text);

        Assert.Equal(kind, cause?.Kind);
        Assert.Equal(kind is null ? null : text, cause?.ToString());
    }

    private static DateTimeOffset? At(int? minutes) => minutes is null ? null : Start.AddMinutes(minutes.Value);
}
