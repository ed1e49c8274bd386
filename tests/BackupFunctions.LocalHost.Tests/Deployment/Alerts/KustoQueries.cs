using System.Text.Json.Nodes;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Deployment.Alerts;

/// <summary>
/// Kusto queries over recorded rows. Microsoft's language service checks them against the columns of a workspace, and
/// <c>run-kql.mjs</c> carries them out.
/// </summary>
internal static class KustoQueries
{
    /// <summary>The columns that all tables of an application have.</summary>
    private static readonly string[] OfAll =
    [
        "TimeGenerated:datetime",
        "Type:string",
        "Properties:dynamic",
        "OperationName:string",
        "OperationId:string",
        "AppRoleName:string",
        "AppRoleInstance:string",
        "ItemCount:int",
    ];

    /// <summary>Their own columns, as Azure Monitor documents them, as far as a query might need them.</summary>
    private static readonly (string Table, string[] Columns)[] Tables =
    [
        ("AppTraces", ["Message:string", "SeverityLevel:int"]),
        ("AppMetrics", ["Name:string", "Sum:real", "Min:real", "Max:real"]),
        ("AppRequests", ["Name:string", "Success:bool", "ResultCode:string", "DurationMs:real"]),
        ("AppExceptions", ["ExceptionType:string", "InnermostType:string", "OuterMessage:string"]),
    ];

    /// <summary>The rows that each query returns.</summary>
    /// <exception cref="InvalidOperationException">A query is wrong, or does what is not known here.</exception>
    public static async Task<IReadOnlyList<IReadOnlyList<JsonObject>>> RunAsync(
        params IEnumerable<(string Query, DateTimeOffset Now, IReadOnlyList<WorkspaceRow> Rows)> runs
    )
    {
        var question = new JsonObject
        {
            ["schemas"] = new JsonObject(
                Tables.Select(one => KeyValuePair.Create(one.Table, (JsonNode?)Schema(one.Columns)))
            ),
            ["runs"] = new JsonArray([.. runs.Select(Run)]),
        };
        var (process, line) = await NodeProcess.StartAsync(
            "run-kql.mjs",
            [],
            """{"replies":""",
            question.ToJsonString()
        );
        await using (process)
        {
            return [.. JsonNode.Parse(line)!["replies"]!.AsArray().Select(reply => RowsOf(reply!))];
        }
    }

    private static JsonObject Schema(string[] columns) =>
        new JsonObject(
            OfAll
                .Concat(columns)
                .Select(column => column.Split(':'))
                .Select(column => KeyValuePair.Create(column[0], (JsonNode?)column[1]))
        );

    private static JsonNode Run((string Query, DateTimeOffset Now, IReadOnlyList<WorkspaceRow> Rows) run)
    {
        var tables = run
            .Rows.GroupBy(row => row.Table, StringComparer.Ordinal)
            .Select(table =>
                KeyValuePair.Create(table.Key, (JsonNode?)new JsonArray([.. table.Select(row => row.ToJson())]))
            );
        return new JsonObject
        {
            ["query"] = run.Query,
            ["now"] = $"{run.Now:O}",
            ["tables"] = new JsonObject(tables),
        };
    }

    private static IReadOnlyList<JsonObject> RowsOf(JsonNode reply) =>
        reply["rows"] is JsonArray rows
            ? [.. rows.Select(row => row!.AsObject())]
            : throw new InvalidOperationException($"{reply["error"]}");
}
