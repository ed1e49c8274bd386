using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>The parameters of a deployment as azd gives them: main.parameters.json with azd's variables.</summary>
internal static partial class AzdParameters
{
    /// <summary>The time limit of a pattern, in milliseconds.</summary>
    private const int Patience = 1000;

    public static string File { get; } = Path.Combine(BicepCompiler.Infra, "main.parameters.json");

    /// <summary>The names of the variables that the file reads.</summary>
    public static IEnumerable<string> Variables =>
        Variable().Matches(System.IO.File.ReadAllText(File)).Select(match => match.Groups["name"].Value);

    /// <summary>The values in the file as it is.</summary>
    public static JsonObject Read() => JsonNode.Parse(System.IO.File.ReadAllText(File))!["parameters"]!.AsObject();

    /// <summary>A parameter file for the compiler.</summary>
    /// <param name="template">Tells which parameters are booleans: azd reads them from text.</param>
    /// <param name="variables">The variables of the azd environment, and those of the file that stay empty.</param>
    /// <param name="others">Parameters that are no variables, or are not in the file.</param>
    public static string Write(
        Template template,
        IReadOnlyDictionary<string, string> variables,
        IReadOnlyDictionary<string, object> others
    )
    {
        var values = Read()
            .Where(parameter => !others.ContainsKey(parameter.Key))
            .Select(parameter => (parameter.Key, Value: Filled(parameter.Value!["value"], variables)))
            .Concat(others.Select(other => (other.Key, Value: JsonSerializer.SerializeToNode(other.Value))));
        var lines = values.Select(one =>
        {
            var isBoolean =
                template.Parameters[one.Key].TryGetProperty("type", out var type) && type.GetString() == "bool";
            return $"param {one.Key} = {(isBoolean ? $"{one.Value}" : Literal(one.Value))}";
        });
        return $"using '../../../infra/main.bicep'\n{string.Join('\n', lines)}\n";
    }

    private static JsonNode? Filled(JsonNode? value, IReadOnlyDictionary<string, string> variables) =>
        value is JsonValue text && text.TryGetValue<string>(out var pattern)
            ? Variable()
                .Replace(pattern, match =>
                    variables.GetValueOrDefault(match.Groups["name"].Value, match.Groups["default"].Value)
                )
            : value;

    private static string Literal(JsonNode? value) =>
        value switch
        {
            JsonObject one =>
                $"{{\n{string.Concat(one.Select(member => $"{member.Key}: {Literal(member.Value)}\n"))}}}",
            JsonArray many => $"[\n{string.Concat(many.Select(item => $"{Literal(item)}\n"))}]",
            JsonValue text when text.TryGetValue<string>(out var content) => Text(content),
            _ => value?.ToJsonString() ?? "null",
        };

    private static string Text(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal).Replace("${", "\\${", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)(=(?<default>\w*))?\}", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Variable();
}
