using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>A file of the repository that is generated from LocalHost's routes or from the vendors.</summary>
internal static class GeneratedFile
{
    private const string Switch = "WRITE_GENERATED_FILES";

    public static string OpenApi { get; } =
        Path.Combine(Repository.Root, "src", "BackupFunctions.Core", "Web", "Api", "openapi.json");

    public static string Connector { get; } =
        Path.Combine(Repository.Root, "infra", "connector", "apiDefinition.swagger.json");

    /// <summary>
    /// Fails if the file differs from the text. With <c>WRITE_GENERATED_FILES=true</c> it writes the text instead.
    /// </summary>
    public static async Task AssertUpToDateAsync(string path, string generated)
    {
        if (Environment.GetEnvironmentVariable(Switch) == "true")
        {
            await File.WriteAllTextAsync(path, generated, TestContext.Current.CancellationToken);
            return;
        }

        Assert.True(
            generated == await ReadAsync(path),
            $"{Path.GetRelativePath(Repository.Root, path)} is out of date. Regenerate it: "
                + "dotnet test tests/BackupFunctions.LocalHost.Tests "
                + $"--filter generated_from --environment {Switch}=true"
        );
    }

    /// <summary>Reads the committed file, with line endings as in the repository.</summary>
    public static async Task<string> ReadAsync(string path)
    {
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        return text.ReplaceLineEndings("\n");
    }
}
