using System.Text.Json;
using BackupFunctions.History;
using BackupFunctions.Problems;
using BackupFunctions.Status;
using BackupFunctions.Tokens;

namespace BackupFunctions.Web.Histories;

/// <summary>Histories on the wire.</summary>
internal static class HistoryBodies
{
    private static readonly IReadOnlyList<OutcomeBody> Outcomes =
    [
        .. HistoryOutcome.Every.Select(one => new OutcomeBody(one.Letter.ToString(), NameOf(one), ProblemOf(one))),
    ];

    /// <summary>What happened to a connection.</summary>
    public static ConnectionHistoryBody Of(ConnectionStatus status, DateTimeOffset now) =>
        new(
            Reply.Instant(HistoryRules.BrokenSince(status.Entry)),
            string.Concat(HistoryRules.DayOf(status.Entry, now).Select(outcome => outcome.Letter)),
            [.. status.Entry.History?.Events.Select(Of) ?? []]
        );

    /// <summary>What all histories have in common.</summary>
    public static HistoryKeyBody KeyOf(StatusReport report) =>
        new(
            Reply.Instant(ConnectionHistory.DayOf(report.GeneratedAt))!,
            (int)ConnectionHistory.Quarter.TotalSeconds,
            Outcomes,
            [
                .. report
                    .Connections.Select(status => status.Connection.Vendor)
                    .Concat(report.Misconfigured.Select(wrong => wrong.Vendor))
                    .DistinctBy(vendor => vendor.Name)
                    .OrderBy(vendor => vendor.Name, StringComparer.Ordinal)
                    .Select(vendor => new VendorBody(vendor.Name, vendor.DisplayName)),
            ]
        );

    private static EventBody Of(HistoryEvent one) =>
        new(
            Reply.Instant(one.At)!,
            NameOf(one.Outcome),
            JsonNamingPolicy.KebabCaseLower.ConvertName(one.Cause.Kind.ToString())
        )
        {
            Problem = ProblemOf(one.Outcome),
            Name = one.Cause.Name,
        };

    private static string? ProblemOf(HistoryOutcome outcome) =>
        outcome.Failure is { } kind ? ProblemType.Of(kind).Uri : null;

    private static string NameOf(HistoryOutcome outcome) =>
        outcome switch
        {
            { Failure: FailureKind.CredentialsRefused or FailureKind.ScopeRefused or FailureKind.TenantRefused } =>
                "refused",
            { Failure: not null } => "failed",
            _ when outcome == HistoryOutcome.Renewed => "renewed",
            _ when outcome == HistoryOutcome.SignedOut => "signed-out",
            _ => "nothing",
        };
}
