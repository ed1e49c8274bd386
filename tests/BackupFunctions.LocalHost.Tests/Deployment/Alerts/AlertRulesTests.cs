using BackupFunctions.Diagnostics;
using BackupFunctions.Sweeps;

namespace BackupFunctions.LocalHost.Tests.Deployment.Alerts;

/// <summary>Every rule's query, carried out over recorded rows: what it is for raises it, and nothing else does.</summary>
public sealed class AlertRulesTests
{
    private static readonly DateTimeOffset Now = RecordedHour.End;

    /// <summary>A fault, and the alerts that it raises.</summary>
    private static readonly Dictionary<string, (IReadOnlyList<WorkspaceRow> Rows, string[] Raised)> Faults = new(
        StringComparer.Ordinal
    )
    {
        ["nothing"] = ([], []),
        ["a vendor is down"] = (
            [RecordedHour.Requests(Now.AddMinutes(-1), "acronis", "vendor-unavailable", 60)],
            ["no-tokens: acronis"]
        ),
        ["few requests failed"] = (
            [RecordedHour.Requests(Now.AddMinutes(-1), "acronis", "vendor-unavailable", 30)],
            []
        ),
        ["a token was about to end"] = (
            [WorkspaceRow.Metric(Now.AddMinutes(-1), Instruments.RemainingLifetime, 119, new { vendor = "veeam" })],
            ["short-lived: veeam"]
        ),
        ["a credential is about to end"] = (
            [
                WorkspaceRow.Event(
                    Now.AddHours(-20),
                    1018,
                    new
                    {
                        Kind = "secret",
                        Name = "acronis-default-client-secret",
                        Connection = "acronis/default",
                        Days = 29,
                    }
                ),
            ],
            ["credential-ends: acronis/default acronis-default-client-secret"]
        ),
        ["a connection is misconfigured"] = (
            [WorkspaceRow.Event(Now.AddMinutes(-2), 5101, new { Connection = "veeam/berlin" })],
            ["misconfigured: veeam/berlin"]
        ),
        ["callers are refused"] = (
            [.. Enumerable.Repeat(RecordedHour.Refused(Now.AddMinutes(-4)), 10)],
            ["callers-refused: principal 5f1c"]
        ),
        ["the webhook fails"] = (
            [
                WorkspaceRow.Event(
                    Now.AddMinutes(-2),
                    1312,
                    new { Connection = "veeam/berlin", Event = "connection-broken" }
                ),
            ],
            ["webhook-fails: veeam/berlin"]
        ),
        ["a run failed, as the host's request tells"] = (
            [WorkspaceRow.Request(Now.AddMinutes(-2), "RefreshVeeam", success: false)],
            ["refresh-run-failed: RefreshVeeam"]
        ),
        ["a run failed, as its exception tells"] = (
            [WorkspaceRow.Failure(Now.AddMinutes(-2), "RefreshVeeam", typeof(RefreshSweepException))],
            ["refresh-run-failed: RefreshVeeam"]
        ),
        ["a run failed, as the host's line tells"] = (
            [
                WorkspaceRow.HostLine(
                    Now.AddMinutes(-2),
                    "one",
                    "Executed 'Functions.RefreshVeeam' (Failed, Id=4b6cc2f5, Duration=2031ms)"
                ),
            ],
            ["refresh-run-failed: RefreshVeeam"]
        ),
        ["a connection fails for an hour"] = (
            [
                RecordedHour.Failed(Now.AddMinutes(-75), "avepoint/emea"),
                RecordedHour.Failed(Now.AddMinutes(-5), "avepoint/emea"),
            ],
            ["connection-failing: avepoint/emea"]
        ),
        ["a connection failed twice and is well again"] = (
            [
                RecordedHour.Failed(Now.AddMinutes(-75), "avepoint/emea"),
                RecordedHour.Failed(Now.AddMinutes(-5), "avepoint/emea"),
                RecordedHour.Renewed(Now.AddMinutes(-1), "avepoint/emea"),
            ],
            []
        ),
        ["a connection failed once more after a renewal"] = (
            [
                RecordedHour.Failed(Now.AddMinutes(-100), "avepoint/emea"),
                RecordedHour.Renewed(Now.AddMinutes(-50), "avepoint/emea"),
                RecordedHour.Failed(Now.AddMinutes(-5), "avepoint/emea"),
            ],
            []
        ),
    };

    public static TheoryData<string> FaultNames { get; } = new(Faults.Keys);

    [Theory]
    [MemberData(nameof(FaultNames))]
    public async Task A_fault_raises_its_alert_and_no_other(string fault)
    {
        var (rows, raised) = Faults[fault];

        Assert.Equal(raised, await RaisedAsync([.. RecordedHour.Healthy, .. rows]));
    }

    [Fact]
    public async Task Every_rule_is_raised_by_a_fault() =>
        Assert.Equal(
            (await RulesAsync()).Select(rule => rule.Name).Order(StringComparer.Ordinal),
            Faults
                .Values.SelectMany(fault => fault.Raised)
                .Select(alert => alert[..alert.IndexOf(':', StringComparison.Ordinal)])
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("AppTraces | where Mesage == \"\"", "Mesage")]
    [InlineData("AppTraces | where", "Error")]
    [InlineData("AppTraces | order by TimeGenerated", "SortOperator")]
    [InlineData("AppTraces | where Properties.Days == 3", "dynamic")]
    public async Task A_query_that_is_wrong_or_not_understood_is_refused(string query, string complaint)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            KustoQueries.RunAsync((query, Now, RecordedHour.Healthy))
        );

        Assert.Contains(complaint, refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<AlertRule>> RulesAsync() => AlertRule.Of(await AzureDeployment.EntraAsync);

    private static async Task<IReadOnlyList<string>> RaisedAsync(IReadOnlyList<WorkspaceRow> rows) =>
        await AlertRule.RaisedAsync(await RulesAsync(), Now, rows);
}
