using System.Text.Json.Nodes;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>An action of a flow.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Json">It.</param>
/// <param name="Siblings">The actions beside it, itself among them: those that it may run after.</param>
internal sealed record FlowAction(string Name, JsonObject Json, JsonObject Siblings)
{
    public string Type => Json["type"]!.GetValue<string>();

    public JsonNode? Inputs => Json["inputs"];

    public JsonObject RunAfter => Json["runAfter"]!.AsObject();

    /// <summary>Whether it sends something: by itself, or through the connector.</summary>
    public bool Sends => Type is "Http" or "OpenApiConnection";

    /// <summary>The expressions in all that it sends.</summary>
    public IEnumerable<Expression> Expressions =>
        Texts(Inputs).Select(ExpressionParser.Parse).SelectMany(expression => expression.All);

    /// <summary>The actions of a definition.</summary>
    public static IEnumerable<FlowAction> Of(JsonObject definition)
    {
        var actions = definition["actions"]!.AsObject();
        return actions.Select(action => new FlowAction(action.Key, action.Value!.AsObject(), actions));
    }

    /// <summary>Every string in a piece of JSON.</summary>
    public static IEnumerable<string> Texts(JsonNode? json) =>
        json switch
        {
            JsonObject members => members.SelectMany(member => Texts(member.Value)),
            JsonArray items => items.SelectMany(Texts),
            JsonValue value when value.TryGetValue<string>(out var text) => [text],
            _ => [],
        };
}
