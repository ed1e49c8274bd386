using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// Reads counters and sets faults of an emulator in another process. Its calls are not counted, never fail, and need no
/// token.
/// <code>
/// GET    /_emulator/counters    {"calls":{"token":2,…},"total":3,"refusedSignIns":0,"maxConcurrent":{"token":1,…}}
/// POST   /_emulator/faults      {"endpoint":"token","kind":"status","times":2,"status":503,"retryAfter":5}, see
/// FaultOrder DELETE /_emulator/faults      removes all faults POST   /_emulator/revoke      revokes all access tokens;
/// not at the vault
/// </code>
/// </summary>
internal static class ControlApi
{
    public const string Root = "/_emulator";

    public static async Task<Reply> AnswerAsync(Emulator emulator, HttpRequest request, PathString path) =>
        (request.Method, path.Value) switch
        {
            ("GET", "/counters") => Reply.Json(StatusCodes.Status200OK, Counts(emulator.Counters)),
            ("POST", "/faults") => await AddFaultAsync(emulator, request),
            ("DELETE", "/faults") => ClearFaults(emulator),
            ("POST", "/revoke") when emulator.TryRevoke() => new Reply(StatusCodes.Status204NoContent),
            _ => Reply.NotFound(),
        };

    private static JsonObject Counts(Counters counters)
    {
        var calls = counters.Snapshot();
        return new JsonObject
        {
            ["calls"] = Members(calls, static count => count),
            ["total"] = counters.Total,
            ["refusedSignIns"] = counters.RefusedSignIns,
            ["maxConcurrent"] = Members(
                calls.Keys.ToDictionary(static name => name, counters.MaxConcurrent),
                static peak => peak
            ),
        };
    }

    private static JsonObject Members(IReadOnlyDictionary<string, int> values, Func<int, JsonNode> value) =>
        new(values.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, value(pair.Value))));

    private static async Task<Reply> AddFaultAsync(Emulator emulator, HttpRequest request)
    {
        try
        {
            var order = await JsonSerializer.DeserializeAsync<FaultOrder>(
                request.Body,
                JsonSerializerOptions.Web,
                request.HttpContext.RequestAborted
            ) ?? throw new FormatException("A fault must be an object, not null.");
            order.AddTo(emulator.Faults);
            return new Reply(StatusCodes.Status204NoContent);
        }
        catch (Exception failure) when (failure is JsonException or FormatException or ArgumentException)
        {
            return Reply.Text(StatusCodes.Status400BadRequest, failure.Message, "text/plain");
        }
    }

    private static Reply ClearFaults(Emulator emulator)
    {
        emulator.Faults.Clear();
        return new Reply(StatusCodes.Status204NoContent);
    }
}
