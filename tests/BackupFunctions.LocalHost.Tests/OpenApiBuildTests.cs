using System.Runtime.InteropServices;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>The step of the build that writes the OpenAPI document, where it has what it needs and where it has not.</summary>
public sealed class OpenApiBuildTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The dotnet that runs this.</summary>
    private static readonly string Dotnet = Path.GetFullPath(
        Path.Combine(
            RuntimeEnvironment.GetRuntimeDirectory(),
            "..",
            "..",
            "..",
            OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"
        )
    );

    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory();

    public void Dispose() => _output.Delete(recursive: true);

    [Fact]
    public async Task An_editor_that_asks_what_is_compiled_before_anything_was_built_needs_no_document()
    {
        // A configuration that nobody builds is restored and has no outputs, as a fresh clone in an editor.
        var (exitCode, output) = await BuildAsync(
            "-t:PrepareResourceNames",
            "-p:DesignTimeBuild=true",
            "-p:BuildProjectReferences=false",
            "-p:Configuration=Unbuilt",
            $"-p:IntermediateOutputPath={_output.FullName}/"
        );

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task The_document_is_written_by_the_dotnet_that_builds_even_if_the_path_has_none()
    {
        var generator = Path.Combine(
            Repository.Root,
            "artifacts",
            "bin",
            "BackupFunctions.OpenApi",
            Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\')),
            "BackupFunctions.OpenApi.dll"
        );
        var document = Path.Combine(_output.FullName, "openapi.json");
        if (!OperatingSystem.IsWindows())
        {
            // A command of a build runs in a shell, and nothing else is to be found. Windows finds its own without a path.
            File.CreateSymbolicLink(Path.Combine(_output.FullName, "sh"), "/bin/sh");
        }

        var (exitCode, output) = await BuildAsync(
            "-t:RunOpenApiGenerator",
            $"-p:OpenApiGeneratorPath={generator}",
            $"-p:OpenApiDocument={document}"
        );

        Assert.True(exitCode == 0, output);
        Assert.StartsWith("{", await File.ReadAllTextAsync(document), StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output)> BuildAsync(params string[] arguments)
    {
        await using var build = ChildProcess.Start(
            Dotnet,
            [
                "msbuild",
                Path.Combine(Repository.Root, "src", "BackupFunctions.LocalHost"),
                "-nologo",
                "-nodeReuse:false",
                "-maxCpuCount:1",
                .. arguments,
            ],
            Repository.Root,
            environment: [new("PATH", _output.FullName)]
        );
        var exitCode = await build.Exit.WaitAsync(Patience);
        return (exitCode, build.Output);
    }
}
