using BackupFunctions.Alerts;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Alerts;

public sealed class AlertRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan After = TimeSpan.FromMinutes(15);

    /// <summary>Minutes after the first failure; null for never.</summary>
    [Theory]
    [InlineData(FailureKind.CredentialsRefused, null, null, null, 0)]
    [InlineData(FailureKind.VendorUnavailable, null, null, null, 15)]
    [InlineData(FailureKind.VendorUnavailable, null, null, 20, 20)]
    [InlineData(FailureKind.VendorUnavailable, null, null, 10, 15)]
    [InlineData(FailureKind.VendorUnavailable, 15, null, null, null)]
    [InlineData(null, null, null, null, null)]
    [InlineData(null, 15, 30, null, 30)]
    [InlineData(null, 15, 30, 35, 35)]
    [InlineData(null, null, 30, null, null)]
    public void An_alert_is_due_when_operators_need_to_know(
        FailureKind? failure,
        int? toldAt,
        int? endedAt,
        int? claimedUntil,
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
                ClaimedUntil = At(claimedUntil),
            },
        };

        Assert.Equal(At(dueAt), AlertRules.DueAt(entry, After));
    }

    [Fact]
    public void An_entry_without_an_incident_needs_no_alert() =>
        Assert.Null(AlertRules.DueAt(LedgerEntry.Empty, After));

    private static DateTimeOffset? At(int? minutes) => minutes is null ? null : Start.AddMinutes(minutes.Value);
}
