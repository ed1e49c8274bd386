using BackupFunctions.Diagnostics;
using BackupFunctions.Sweeps;

namespace BackupFunctions.LocalHost.Tests.Deployment.Alerts;

/// <summary>
/// Every rule's query, carried out over recorded rows: what it is for raises it, and nothing else does.
/// </summary>
public sealed class AlertRulesTests
{
    private const string Gone = "app-gone: all timers";

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
        ["an instance starts four times"] = (
            [.. Enumerable.Range(1, 4).Select(number => RecordedHour.HostStarts(Now.AddMinutes(-number), "three"))],
            ["restart-loop: host"]
        ),
        ["many instances start once"] = (
            [.. Enumerable.Range(1, 40).Select(number => RecordedHour.HostStarts(Now.AddMinutes(-1), $"{number}"))],
            []
        ),
        ["the worker does not start"] = (
            [
                WorkspaceRow.HostLine(
                    Now.AddMinutes(-1),
                    "one",
                    "Exceeded language worker restart retry count for runtime:dotnet-isolated. "
                        + "Shutting down and proactively recycling the Functions Host to recover"
                ),
            ],
            ["restart-loop: host"]
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

        IReadOnlyList<WorkspaceRow> all = [.. RecordedHour.Healthy, .. rows];

        Assert.Equal(raised, await RaisedAsync(all));
        Assert.Equal(raised, await RaisedAsync([.. all.Select(row => row.Unformatted())]));
    }

    [Fact]
    public async Task A_dead_app_raises_the_alert_that_it_is_gone()
    {
        Assert.Equal([Gone], await RaisedAsync(RecordedHour.Dead));
        // Without its log nothing else can be told of it, and still this is.
        Assert.Equal([Gone], await RaisedAsync([]));
    }

    [Fact]
    public async Task One_sweep_in_the_window_is_a_sign_of_life()
    {
        var last = RecordedHour.Swept(Now.AddMinutes(-14), "veeam");

        Assert.Empty(await RaisedAsync([.. RecordedHour.Dead, last]));
    }

    [Theory]
    [InlineData(29, 0)]
    [InlineData(31, 1)]
    public async Task An_app_is_not_gone_in_the_half_hour_after_a_deployment(int minutes, int alerts)
    {
        var replies = await KustoQueries.RunAsync(
            (await RulesAsync()).Select(rule =>
                (
                    rule.Query.Replace(
                        AzureDeployment.DeployedAt,
                        $"{Now.AddMinutes(-minutes).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}",
                        StringComparison.Ordinal
                    ),
                    Now,
                    (IReadOnlyList<WorkspaceRow>)[]
                )
            )
        );

        Assert.Equal(alerts, replies.Sum(rows => rows.Count));
    }

    [Fact]
    public async Task Every_rule_is_raised_by_a_fault() =>
        Assert.Equal(
            (await RulesAsync()).Select(rule => rule.Name).Order(StringComparer.Ordinal),
            Faults
                .Values.SelectMany(fault => fault.Raised)
                .Append(Gone)
                .Select(alert => alert[..alert.IndexOf(':', StringComparison.Ordinal)])
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("AppTraces | where Mesage == \"\"", "Mesage")]
    [InlineData("AppTraces | where", "Error")]
    [InlineData("AppTraces | top 1 by TimeGenerated", "TopOperator")]
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
