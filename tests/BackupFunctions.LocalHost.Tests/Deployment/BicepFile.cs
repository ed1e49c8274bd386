using System.Text.Json;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>A parsed Bicep file.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Errors">Its syntax errors.</param>
/// <param name="Types">Its types, each with its properties and their declared types.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Resources">The resource types that it declares, with their versions.</param>
internal sealed record BicepFile(
    string Path,
    IReadOnlyList<string> Errors,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Types,
    IReadOnlyList<string> Parameters,
    IReadOnlyList<string> Resources
)
{
    private static readonly Lazy<Task<IReadOnlyList<BicepFile>>> All = new(ParseAllAsync);

    public static string Folder { get; } = System.IO.Path.Combine(Repository.Root, "infra");

    public string Text => File.ReadAllText(Path);

    /// <summary>Every Bicep file below <c>infra</c>.</summary>
    public static Task<IReadOnlyList<BicepFile>> AllAsync() => All.Value;

    /// <param name="path">The path below <c>infra</c>.</param>
    public static async Task<BicepFile> OneAsync(string path) =>
        (await AllAsync()).Single(file =>
            file.Path == System.IO.Path.Combine(Folder, path.Replace('/', System.IO.Path.DirectorySeparatorChar))
        );

    public static async Task<IReadOnlyList<BicepFile>> ParseAsync(params IEnumerable<string> paths)
    {
        var (process, line) = await NodeProcess.StartAsync("parse-bicep.mjs", paths, """{"bicep":""");
        await using (process)
        {
            return JsonSerializer.Deserialize<Parsed>(line, JsonSerializerOptions.Web)!.Bicep;
        }
    }

    private static Task<IReadOnlyList<BicepFile>> ParseAllAsync() =>
        ParseAsync(
            Directory.EnumerateFiles(Folder, "*.bicep", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        );

    private sealed record Parsed(IReadOnlyList<BicepFile> Bicep);
}
