using System.Text;
using System.Text.Json.Nodes;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>
/// Runs a flow here, as far as its samples go: what an action of these five types does, when it runs, and what the
/// run's history shows. It is our reading of Microsoft's documentation, not their engine; it waits for nothing, and
/// tries nothing again.
/// </summary>
/// <param name="client">Sends what the flow sends.</param>
/// <param name="appUrl">Where the connector, which has an address of its own, finds the app.</param>
/// <param name="parameters">The flow's parameters.</param>
internal sealed class FlowRun(HttpClient client, string appUrl, IReadOnlyDictionary<string, string> parameters)
{
    private readonly Dictionary<string, string> _statuses = [];
    private readonly FlowValues _values = new(parameters);
    private readonly StringBuilder _history = new();

    /// <summary>What whoever may see the run sees.</summary>
    public string History => _history.ToString();

    /// <summary>The code and message of the error that ended it; null if none did.</summary>
    public (string Code, string Message)? Error { get; private set; }

    /// <summary>What an action answered; null if it did not run.</summary>
    public JsonNode? Body(string action) => Output(action)?["body"];

    /// <summary>What an action came to, which is all that a Compose has; null if it did not run.</summary>
    public JsonNode? Output(string action) => _values.Outputs.GetValueOrDefault(action);

    /// <summary>Whether and how an action ended: Succeeded, Failed or Skipped.</summary>
    public string StatusOf(string action) => _statuses[action];

    /// <summary>The parameters of all the samples.</summary>
    public static IReadOnlyDictionary<string, string> Parameters(string appUrl, string key) =>
        new Dictionary<string, string>
        {
            ["appUrl"] = appUrl,
            ["functionKey"] = key,
            ["connection"] = "default",
            ["$authentication"] = "",
        };

    /// <returns>Succeeded or Failed.</returns>
    public Task<string> RunAsync(JsonObject definition) => RunAllAsync(definition);

    private async Task<string> RunAllAsync(JsonObject parent)
    {
        var waiting = FlowAction.Of(parent).ToList();
        while (waiting.Count > 0)
        {
            var next = waiting.First(action => action.RunAfter.All(before => _statuses.ContainsKey(before.Key)));
            waiting.Remove(next);
            if (
                next.RunAfter.All(before =>
                    before.Value!.AsArray().Any(status => status!.GetValue<string>() == _statuses[before.Key])
                )
            )
                await RunAsync(next);
            else
                Skip(next);
            if (Error is not null)
                return "Failed";
        }

        var leaves = FlowAction
            .Of(parent)
            .Where(action => !FlowAction.Of(parent).Any(other => other.RunAfter.ContainsKey(action.Name)));
        return leaves.All(IsWell) ? "Succeeded" : "Failed";
    }

    /// <summary>A last action that was skipped is as well as those before it.</summary>
    private bool IsWell(FlowAction action) =>
        _statuses[action.Name] switch
        {
            "Succeeded" => true,
            "Skipped" => action.RunAfter.All(before =>
                IsWell(new FlowAction(before.Key, action.Siblings[before.Key]!.AsObject(), action.Siblings))
            ),
            _ => false,
        };

    private void Skip(FlowAction action)
    {
        foreach (
            var name in FlowAction
                .All(action.Json)
                .Concat(action.Json["else"] is JsonObject otherwise ? FlowAction.All(otherwise) : [])
                .Select(inner => inner.Name)
                .Append(action.Name)
        )
        {
            _statuses[name] = "Skipped";
        }
    }

    private async Task RunAsync(FlowAction action)
    {
        JsonNode? inputs;
        try
        {
            inputs = _values.Of(action.Inputs);
        }
        catch (ExpressionFailedException e)
        {
            _statuses[action.Name] = "Failed";
            _history.AppendLine($"{action.Name} failed: {e.Message}");
            return;
        }

        if (!action.HidesInputs)
            _history.AppendLine($"{action.Name} <- {inputs?.ToJsonString()}");
        _statuses[action.Name] = action.Type switch
        {
            "Http" => await SendAsync(
                action.Name,
                inputs!["method"]!.GetValue<string>(),
                inputs["uri"]!.GetValue<string>(),
                inputs["queries"] as JsonObject,
                inputs["headers"] as JsonObject
            ),
            "OpenApiConnection" => await CallConnectorAsync(action.Name, inputs!["parameters"]!.AsObject()),
            "If" => await RunBranchAsync(action),
            "Compose" => Compose(action.Name, inputs),
            "Terminate" => Terminate(inputs!),
            _ => throw new NotSupportedException(
                $"No sample had an action of the type {action.Type} before {action.Name}."
            ),
        };
        if (!action.HidesOutputs)
            _history.AppendLine($"{action.Name} -> {_values.Outputs.GetValueOrDefault(action.Name)?.ToJsonString()}");
    }

    /// <summary>
    /// GetToken, as the connector's definition puts it on the wire: two parameters in the path, the others in the
    /// query.
    /// </summary>
    private Task<string> CallConnectorAsync(string name, JsonObject sent)
    {
        var queries = new JsonObject(
            sent.Where(parameter => parameter.Key is not ("vendor" or "connection"))
                .Select(parameter => KeyValuePair.Create(parameter.Key, parameter.Value?.DeepClone()))
        );
        return SendAsync(
            name,
            "GET",
            $"{appUrl}/api/GetToken/{sent["vendor"]}/{sent["connection"]}",
            queries,
            headers: null
        );
    }

    private async Task<string> SendAsync(
        string name,
        string method,
        string uri,
        JsonObject? queries,
        JsonObject? headers
    )
    {
        var query = string.Join(
            '&',
            (queries ?? []).Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value!.ToString())}")
        );
        using var request = new HttpRequestMessage(new HttpMethod(method), query.Length > 0 ? $"{uri}?{query}" : uri);
        foreach (var header in headers ?? [])
            request.Headers.TryAddWithoutValidation(header.Key, header.Value!.GetValue<string>());
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson =
            response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        _values.Outputs[name] = new JsonObject
        {
            ["statusCode"] = (int)response.StatusCode,
            ["body"] = isJson ? JsonNode.Parse(text) : text,
        };
        return response.IsSuccessStatusCode ? "Succeeded" : "Failed";
    }

    private async Task<string> RunBranchAsync(FlowAction action)
    {
        var holds = action.Json["expression"]!["and"]!
            .AsArray()
            .All(condition =>
                condition!["equals"] is JsonArray and [var left, var right]
                    ? JsonNode.DeepEquals(_values.Of(left), _values.Of(right))
                    : throw new NotSupportedException("No sample had another condition.")
            );
        var otherwise = action.Json["else"]?.AsObject() ?? [];
        foreach (var left in FlowAction.Of(holds ? otherwise : action.Json))
            Skip(left);
        return await RunAllAsync(holds ? action.Json : otherwise);
    }

    private string Compose(string name, JsonNode? inputs)
    {
        _values.Outputs[name] = inputs;
        return "Succeeded";
    }

    private string Terminate(JsonNode inputs)
    {
        var error = inputs["runError"]!;
        Error = (error["code"]!.GetValue<string>(), error["message"]!.GetValue<string>());
        return inputs["runStatus"]!.GetValue<string>();
    }
}
