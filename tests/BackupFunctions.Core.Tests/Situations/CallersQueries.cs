using BackupFunctions.Core.Tests.FaultMatrix;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>Queries of callers who ask for a token.</summary>
internal static class CallersQueries
{
    private const string Known = "Its parameters are rejected, minimumLifetime, refresh and tenant.";

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Row("a parameter of another API", "?minLifetime=600", NotKnown("minLifetime")),
        Row("a parameter that is cut short", "?reject=9f86d081884c7d65", NotKnown("reject")),
        Row("sibling: beside a valid one", "?refresh=true&force=true", NotKnown("force")),
        Row("sibling: with a space in its name", "?refresh%20=true", NotKnown("…")),
        Row("sibling: without a value", "?refreshed", NotKnown("refreshed")),
        Row("sibling: a value without a name", "?=600", NotKnown("")),
        Row("sibling: an ampersand that a page has escaped", "?refresh=true&amp;tenant=1", NotKnown("…")),
        Row("sibling: twice", "?minimumLifetime=1&minimumLifetime=2", "400 minimumLifetime may be given only once."),
        Row("sibling: twice in two cases", "?refresh=true&REFRESH=false", "400 refresh may be given only once."),
        Row("the Functions host: a function key", "?code=abc", "200"),
        Row("the Functions host: a function key and its id", "?code=abc&clientId=default&refresh=false", "200"),
    ];

    private static string NotKnown(string name) => $"400 {name} is not a parameter of this request. {Known}";

    private static Situation Row(string source, string query, string right) =>
        new(source, $"the query {query}", right, async () =>
        {
            await using var world = new World("acronis");
            var answer = await world.GetTokenAsync(query);
            return answer.Status == 200 ? "200" : $"{answer.Status} {answer.Json["detail"]}";
        });
}
