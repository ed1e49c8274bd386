using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Testing;

namespace BackupFunctions.Samples.Tests.Connector;

/// <summary>
/// Stands in for Power Platform: makes a request of an action's parameters as the connector's definition says, with the
/// token that the connection signs in for, and lets the connector's code send it where it has some for the action.
/// </summary>
/// <param name="send">Sends a request on.</param>
/// <param name="appUrl">Where the app is, in the place of the definition's host.</param>
internal sealed class PowerPlatform(Func<HttpRequestMessage, Task<HttpResponseMessage>> send, string appUrl)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "infra", "connector");

    /// <summary>The connector's definition.</summary>
    public static JsonNode Definition { get; } = Read("apiDefinition.swagger.json");

    /// <summary>The token of Entra ID that every connection sends.</summary>
    public static string Token { get; } = SuiteLog.Guard("token-of-entra-id-for-the-connection");

    private static HashSet<string> ScriptOperations { get; } =
    [
        .. Read("apiProperties.json")["properties"]!["scriptOperations"]!
            .AsArray()
            .Select(name => name!.GetValue<string>()),
    ];

    /// <summary>
    /// What an operation takes: each name as flows write it, and whether it is required. A body is taken in parts, as
    /// in <c>call/path</c>.
    /// </summary>
    public static IReadOnlyDictionary<string, bool> ParametersOf(string operationId)
    {
        var taken = new Dictionary<string, bool>();
        foreach (var parameter in Operation(operationId).Operation["parameters"]?.AsArray() ?? [])
        {
            var name = parameter!["name"]!.GetValue<string>();
            if (parameter["schema"]?["properties"] is not JsonObject parts)
            {
                taken[name] = parameter["required"]?.GetValue<bool>() == true;
                continue;
            }

            var required = parameter["schema"]!["required"]!.AsArray().Select(part => part!.GetValue<string>());
            foreach (var (part, _) in parts)
                taken[$"{name}/{part}"] = required.Contains(part);
        }

        return taken;
    }

    /// <summary>Calls an action.</summary>
    public async Task<HttpResponseMessage> CallAsync(string operationId, JsonObject parameters)
    {
        var (path, method, operation) = Operation(operationId);
        var query = new List<string>();
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            var name = parameter!["name"]!.GetValue<string>();
            if (parameters[name] is not { } value)
                continue;
            // "x-ms-url-encoding": "single" means this for a path.
            var encoded = Uri.EscapeDataString(value.ToString());
            path = path.Replace($"{{{name}}}", encoded, StringComparison.Ordinal);
            if (parameter["in"]!.GetValue<string>() == "query")
                query.Add($"{name}={encoded}");
        }

        using var request = new HttpRequestMessage(
            HttpMethod.Parse(method),
            $"{appUrl}{path}{(query.Count > 0 ? $"?{string.Join('&', query)}" : "")}"
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        if (BodyOf(parameters) is { } body)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return ScriptOperations.Contains(operationId)
            ? await new Script { Context = new Context(operationId, request, send) }.ExecuteAsync()
            : await send(request);
    }

    private static JsonObject? BodyOf(JsonObject parameters)
    {
        var parts = parameters
            .Where(parameter => parameter.Key.Contains('/', StringComparison.Ordinal))
            .Select(parameter => KeyValuePair.Create(parameter.Key.Split('/')[1], parameter.Value?.DeepClone()))
            .ToList();
        return parts.Count > 0 ? new JsonObject(parts) : null;
    }

    private static (string Path, string Method, JsonNode Operation) Operation(string id) =>
        (
            from path in Definition["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            where operation.Value!["operationId"]!.GetValue<string>() == id
            select (path.Key, operation.Key, operation.Value!)
        ).Single();

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;

    private sealed class Context(
        string operationId,
        HttpRequestMessage request,
        Func<HttpRequestMessage, Task<HttpResponseMessage>> send
    ) : IScriptContext
    {
        public string CorrelationId => "1";

        public string OperationId => operationId;

        public HttpRequestMessage Request => request;

        public Task<HttpResponseMessage> SendAsync(HttpRequestMessage sent, CancellationToken cancellationToken) =>
            send(sent);
    }
}
