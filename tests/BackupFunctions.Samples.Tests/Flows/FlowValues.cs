using System.Text.Json.Nodes;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>What the expressions of a flow are worth, while it runs.</summary>
/// <param name="parameters">The flow's parameters.</param>
internal sealed class FlowValues(IReadOnlyDictionary<string, string> parameters)
{
    /// <summary>What each action has answered so far.</summary>
    public Dictionary<string, JsonNode?> Outputs { get; } = [];

    /// <summary>A piece of a definition with its expressions worked out.</summary>
    public JsonNode? Of(JsonNode? json) =>
        json switch
        {
            JsonObject members => new JsonObject(
                members.Select(member => KeyValuePair.Create(member.Key, Of(member.Value)))
            ),
            JsonArray items => new JsonArray([.. items.Select(Of)]),
            JsonValue value when value.TryGetValue<string>(out var text) => Of(ExpressionParser.Parse(text)),
            _ => json?.DeepClone(),
        };

    private JsonNode? Of(Expression expression) =>
        expression switch
        {
            LiteralExpression literal => literal.Value?.DeepClone(),
            JoinedExpression joined => JsonValue.Create(
                string.Concat(joined.Parts.Select(part => Of(part)?.ToString()))
            ),
            MemberExpression member when Of(member.Target) is { } target => target is JsonObject members
                ? members[member.Member]?.DeepClone()
                : throw new ExpressionFailedException($"{target.GetValueKind()} has no member {member.Member}."),
            MemberExpression { IsOptional: true } => null,
            CallExpression { Function: "parameters", Name: { } name } => JsonValue.Create(parameters[name]),
            CallExpression { Function: "body", Name: { } name } => Outputs
                .GetValueOrDefault(name)
                ?["body"]?.DeepClone(),
            CallExpression { Function: "outputs", Name: { } name } => Outputs.GetValueOrDefault(name)?.DeepClone(),
            CallExpression { Function: "coalesce" } call => call
                .Arguments.Select(Of)
                .FirstOrDefault(value => value is not null),
            CallExpression { Function: "equals" } call => JsonValue.Create(
                JsonNode.DeepEquals(Of(call.Arguments[0]), Of(call.Arguments[1]))
            ),
            CallExpression { Function: "if" } call => If([.. call.Arguments.Select(Of)]),
            _ => throw new NotSupportedException($"No sample had {expression} before."),
        };

    /// <summary>Both branches are worked out before: no sample may rely on the one that is not taken.</summary>
    private static JsonNode? If(IReadOnlyList<JsonNode?> arguments) =>
        arguments[arguments[0]!.GetValue<bool>() ? 1 : 2];
}
