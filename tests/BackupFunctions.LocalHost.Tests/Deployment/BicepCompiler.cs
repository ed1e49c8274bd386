using System.Reflection;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>The Bicep compiler, which the build brings from NuGet for its own machine.</summary>
internal static class BicepCompiler
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string Program = typeof(BicepCompiler)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Bicep")
        .Value!;

    /// <summary>The folder <c>infra</c>.</summary>
    public static string Infra { get; } = Path.Combine(Repository.Root, "infra");

    /// <returns>Its exit code, and what it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = ChildProcess.Start(
            OperatingSystem.IsWindows() ? $"{Program}.exe" : Program,
            arguments,
            Repository.Root
        );
        process.CloseInput();
        var exitCode = await process.Exit.WaitAsync(Patience, TimeProvider.System);
        return (exitCode, process.Output);
    }

    /// <summary>Runs it where a complaint would be a mistake of the test.</summary>
    /// <exception cref="InvalidOperationException">It complained.</exception>
    public static async Task RunQuietlyAsync(params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(arguments);
        if (exitCode != 0 || output.Length > 0)
            throw new InvalidOperationException($"bicep {string.Join(' ', arguments)} ended with {exitCode}: {output}");
    }
}
