using System.Text.Json;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>The template that <c>infra/main.bicep</c> compiles to.</summary>
internal sealed class Template
{
    private static readonly Lazy<Task<Template>> Compiled = new(CompileAsync);
    private readonly JsonElement _root;

    private Template(JsonElement root) => _root = root;

    public IReadOnlyDictionary<string, JsonElement> Parameters => Members(_root.GetProperty("parameters"));

    /// <summary>Every resource type of the template and its modules, with its version.</summary>
    public IEnumerable<string> ResourceTypes => Objects(_root).Select(TypeOf).OfType<string>().Distinct();

    public string Text => _root.GetRawText();

    public static Task<Template> GetAsync() => Compiled.Value;

    /// <summary>The members of an object type, by their names; what all others are is under <c>*</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> TypeMembers(JsonElement type)
    {
        var definition = Definition(type);
        var members = definition.TryGetProperty("properties", out var properties) ? Members(properties) : [];
        if (
            definition.TryGetProperty("additionalProperties", out var others)
            && others.ValueKind == JsonValueKind.Object
        )
        {
            members["*"] = others;
        }

        return members;
    }

    /// <summary>Whether a type allows no member that it does not name.</summary>
    public bool IsSealed(JsonElement type) =>
        Definition(type).TryGetProperty("additionalProperties", out var others)
        && others.ValueKind == JsonValueKind.False;

    public static bool IsOptional(JsonElement member) =>
        member.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean();

    private JsonElement Definition(JsonElement type) =>
        type.TryGetProperty("$ref", out var reference)
            ? _root.GetProperty("definitions").GetProperty(reference.GetString()!["#/definitions/".Length..])
            : type;

    private static string? TypeOf(JsonElement one) =>
        one.TryGetProperty("type", out var type) && one.TryGetProperty("apiVersion", out var version)
            ? $"{type.GetString()}@{version.GetString()}"
            : null;

    private static Dictionary<string, JsonElement> Members(JsonElement one) =>
        one.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);

    private static IEnumerable<JsonElement> Objects(JsonElement one) =>
        one.ValueKind switch
        {
            JsonValueKind.Object => one.EnumerateObject().SelectMany(member => Objects(member.Value)).Prepend(one),
            JsonValueKind.Array => one.EnumerateArray().SelectMany(Objects),
            _ => [],
        };

    private static async Task<Template> CompileAsync()
    {
        using var workshop = new Workshop();
        var file = workshop.File("main.json");
        await BicepCompiler.RunQuietlyAsync(
            "build",
            Path.Combine(BicepCompiler.Infra, "main.bicep"),
            "--outfile",
            file
        );
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        return new Template(document.RootElement.Clone());
    }
}
