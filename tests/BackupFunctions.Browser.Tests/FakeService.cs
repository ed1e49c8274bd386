using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace BackupFunctions.Browser.Tests;

/// <summary>
/// What stands in for the API behind the page: a test says what it answers, and sees what it was asked.
/// </summary>
internal sealed class FakeService
{
    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>What GET /api/status tells.</summary>
    public IReadOnlyList<Fact> Facts { get; set; } = Fact.Each;

    public IReadOnlyList<object> Unreadable { get; set; } = [];

    /// <summary>Whether it knows histories: an earlier version does not.</summary>
    public bool HasHistory { get; set; } = true;

    /// <summary>The service's clock at the next answer.</summary>
    public DateTimeOffset Now { get; set; } = Fact.Now;

    /// <summary>The key that opens the status; null where none is needed.</summary>
    public string? StatusKey { get; set; }

    /// <summary>The key that opens the actions; null for the status's.</summary>
    public string? ActionKey { get; set; }

    /// <summary>Whether nothing comes back at all.</summary>
    public bool IsSilent { get; set; }

    /// <summary>A status instead of the facts.</summary>
    public int? Failing { get; set; }

    /// <summary>A problem instead of the facts, once the key is right.</summary>
    public (int Status, object Body)? Refusal { get; set; }

    /// <summary>What the next action is answered with.</summary>
    public (int Status, object Body) Answer { get; set; } =
        (
            200,
            new
            {
                vendor = "acronis",
                connection = "default",
                expires_in = 7200,
            }
        );

    /// <summary>Holds the answers to actions back until it is set.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>
    /// Every request to the API but that for the page: method, path with query, key, content type, body.
    /// </summary>
    public List<(string Method, string Path, string? Key, string? ContentType, string? Body)> Requests { get; } = [];

    public IEnumerable<(string Method, string Path, string? Key, string? ContentType, string? Body)> Actions =>
        Requests.Where(request => request.Method == "POST");

    public int StatusCalls => Requests.Count(request => request.Method == "GET");

    public static object Problem(string name, string title, string detail, int status) =>
        new
        {
            type = $"urn:backupfunctions:problem:{name}",
            title,
            status,
            detail,
        };

    /// <summary>How the service answers a caller whom App Service authentication does not know.</summary>
    public static (int Status, object Body) Unauthenticated { get; } =
        (401, Problem("unauthenticated", "Authentication required", "Sign in first.", 401));

    /// <summary>How the service answers a caller who lacks the role.</summary>
    public static (int Status, object Body) Forbidden { get; } =
        (403, Problem("forbidden", "Not allowed", "The caller needs the app role Connections.Read.", 403));

    public async Task AnswerAsync(IRoute route)
    {
        var request = route.Request;
        var path = new Uri(request.Url).PathAndQuery;
        var headers = request.Headers;
        var key = headers.GetValueOrDefault("x-functions-key");
        Requests.Add((request.Method, path, key, headers.GetValueOrDefault("content-type"), request.PostData));
        if (IsSilent)
        {
            await route.AbortAsync("connectionrefused");
        }
        else if (path is "/api/status" or "/api/status?history=true")
        {
            await AnswerStatusAsync(route, key, HasHistory && path.Contains('?', StringComparison.Ordinal));
        }
        else
        {
            if (Hold is { } hold)
                await hold.Task;
            var wanted = ActionKey ?? StatusKey;
            var (status, body) = wanted is null || wanted == key ? Answer : (401, null!);
            await FulfilAsync(
                route,
                status,
                body is null ? null : JsonSerializer.Serialize(body),
                status >= 400 ? "application/problem+json" : "application/json"
            );
        }
    }

    private Task AnswerStatusAsync(IRoute route, string? key, bool withHistory)
    {
        var status = Failing ?? (StatusKey is null || StatusKey == key ? 200 : 401);
        if (status == 200 && Refusal is { } refusal)
        {
            return FulfilAsync(
                route,
                refusal.Status,
                JsonSerializer.Serialize(refusal.Body),
                "application/problem+json"
            );
        }

        var generatedAt = Now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return FulfilAsync(
            route,
            status,
            status == 200
                ? JsonSerializer.Serialize(
                    new
                    {
                        GeneratedAt = generatedAt,
                        Connections = Facts.Select(fact =>
                            fact with
                            {
                                History = withHistory ? fact.History ?? FactHistory.Of(fact) : null,
                            }
                        ),
                        Unreadable,
                        History = withHistory ? FactHistory.Key(Facts.Select(fact => fact.Vendor)) : null,
                    },
                    SnakeCase
                )
                : null,
            "application/json"
        );
    }

    private static Task FulfilAsync(IRoute route, int status, string? body, string contentType) =>
        route.FulfillAsync(
            new()
            {
                Status = status,
                Body = body ?? "",
                ContentType = body is null ? "text/plain" : contentType,
            }
        );
}
