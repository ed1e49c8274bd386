using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Samples.Tests.Connector;
using BackupFunctions.Testing;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>
/// Runs a flow here, as far as its samples go: what an action of these four types does, when it runs, and what the
/// run's history shows. It is our reading of Microsoft's documentation, not their engine; it waits for nothing, and
/// tries nothing again.
/// </summary>
/// <param name="client">Sends what the flow sends.</param>
/// <param name="appUrl">Where the connector, which has an address of its own, finds the app.</param>
internal sealed class FlowRun(HttpClient client, string appUrl)
{
    private const string Audience = "api://00000000-0000-0000-0000-000000000000";

    private readonly Dictionary<string, string> _statuses = [];
    private readonly FlowValues _values = new(
        new Dictionary<string, string>
        {
            ["appUrl"] = appUrl,
            ["audience"] = Audience,
            ["connection"] = "default",
            ["$authentication"] = "",
        }
    );
    private readonly StringBuilder _history = new();

    /// <summary>What the platform gets from Entra ID for a managed identity, and sends in the flow's place.</summary>
    public static string IdentityToken { get; } = SuiteLog.Guard("token-of-entra-id-for-the-managed-identity");

    /// <summary>What whoever may see the run sees: the inputs and outputs of every action.</summary>
    public string History => _history.ToString();

    /// <summary>The code and message of the error that ended it; null if none did.</summary>
    public (string Code, string Message)? Error { get; private set; }

    /// <summary>What an action answered; null if it did not run.</summary>
    public JsonNode? Body(string action) => _values.Outputs.GetValueOrDefault(action)?["body"];

    /// <returns>Succeeded or Failed.</returns>
    public async Task<string> RunAsync(JsonObject definition)
    {
        var waiting = FlowAction.Of(definition).ToList();
        while (waiting.Count > 0)
        {
            var next = waiting.First(action => action.RunAfter.All(before => _statuses.ContainsKey(before.Key)));
            waiting.Remove(next);
            if (next.RunAfter.All(before => IsAmong(_statuses[before.Key], before.Value!)))
                await RunAsync(next);
            else
                _statuses[next.Name] = "Skipped";
            if (Error is not null)
                return "Failed";
        }

        var leaves = FlowAction
            .Of(definition)
            .Where(action => !FlowAction.Of(definition).Any(other => other.RunAfter.ContainsKey(action.Name)));
        return leaves.All(IsWell) ? "Succeeded" : "Failed";
    }

    private static bool IsAmong(string status, JsonNode statuses) =>
        statuses.AsArray().Any(one => one!.GetValue<string>() == status);

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

        _history.AppendLine($"{action.Name} <- {inputs?.ToJsonString()}");
        _statuses[action.Name] = action.Type switch
        {
            "Http" => await SendAsync(action.Name, inputs!),
            "OpenApiConnection" => await CallConnectorAsync(action.Name, inputs!),
            "Compose" => Compose(action.Name, inputs),
            "Terminate" => Terminate(inputs!),
            _ => throw new NotSupportedException(
                $"No sample had an action of the type {action.Type} before {action.Name}."
            ),
        };
        _history.AppendLine($"{action.Name} -> {_values.Outputs.GetValueOrDefault(action.Name)?.ToJsonString()}");
    }

    /// <summary>The platform adds the identity's token after it has noted the inputs.</summary>
    private async Task<string> SendAsync(string name, JsonNode inputs)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Parse(inputs["method"]!.GetValue<string>()),
            inputs["uri"]!.GetValue<string>()
        );
        Assert.Equal(Audience, inputs["authentication"]!["audience"]!.GetValue<string>());
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", IdentityToken);
        using var response = await client.SendAsync(request);
        return await NoteAsync(name, response);
    }

    private async Task<string> CallConnectorAsync(string name, JsonNode inputs)
    {
        using var response = await new PowerPlatform(client.SendAsync, appUrl).CallAsync(
            inputs["host"]!["operationId"]!.GetValue<string>(),
            inputs["parameters"]!.AsObject()
        );
        return await NoteAsync(name, response);
    }

    private async Task<string> NoteAsync(string name, HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var isJson =
            response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        _values.Outputs[name] = new JsonObject
        {
            ["statusCode"] = (int)response.StatusCode,
            ["headers"] = new JsonObject(
                response
                    .Headers.Concat(response.Content.Headers)
                    .Select(header => KeyValuePair.Create(header.Key, (JsonNode?)string.Join(", ", header.Value)))
            ),
            ["body"] = isJson ? JsonNode.Parse(text) : text,
        };
        return response.IsSuccessStatusCode ? "Succeeded" : "Failed";
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
