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

    public bool HidesInputs => Hides("inputs");

    public bool HidesOutputs => Hides("outputs");

    /// <summary>Whether it asks the app for a token.</summary>
    public bool AsksForToken =>
        Type == "OpenApiConnection"
        || (Type == "Http" && Inputs!["uri"]!.GetValue<string>().Contains("/api/GetToken/", StringComparison.Ordinal));

    /// <summary>The expressions in all that it sends.</summary>
    public IEnumerable<Expression> Expressions =>
        Texts(Inputs)
            .Concat(Texts(Json["expression"]))
            .Select(ExpressionParser.Parse)
            .SelectMany(expression => expression.All);

    /// <summary>The actions within an object that has some, those within them too.</summary>
    public static IEnumerable<FlowAction> All(JsonObject parent) =>
        Of(parent)
            .SelectMany(action =>
                (IEnumerable<FlowAction>)
                    [action, .. All(action.Json), .. action.Json["else"] is JsonObject otherwise ? All(otherwise) : []]
            );

    /// <summary>The actions within an object, without those within them.</summary>
    public static IEnumerable<FlowAction> Of(JsonObject parent) =>
        parent["actions"] is JsonObject actions
            ? actions.Select(action => new FlowAction(action.Key, action.Value!.AsObject(), actions))
            : [];

    /// <summary>Every string in a piece of JSON.</summary>
    public static IEnumerable<string> Texts(JsonNode? json) =>
        json switch
        {
            JsonObject members => members.SelectMany(member => Texts(member.Value)),
            JsonArray items => items.SelectMany(Texts),
            JsonValue value when value.TryGetValue<string>(out var text) => [text],
            _ => [],
        };

    private bool Hides(string what) =>
        Json["runtimeConfiguration"]?["secureData"]?["properties"] is JsonArray hidden
        && hidden.Any(property => property!.GetValue<string>() == what);
}
