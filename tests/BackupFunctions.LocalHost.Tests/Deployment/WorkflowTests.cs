using System.Text.RegularExpressions;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>The workflows of GitHub.</summary>
public sealed partial class WorkflowTests
{
    /// <summary>The time limit of a pattern, in milliseconds.</summary>
    private const int Patience = 1000;

    private static readonly string Folder = Path.Combine(Repository.Root, ".github", "workflows");

    [Fact]
    public async Task A_deployment_from_github_passes_every_variable_that_the_parameter_file_reads()
    {
        var workflow = await File.ReadAllTextAsync(Path.Combine(Folder, "deploy.yml"));

        Assert.Contains("ENTRA_CLIENT_ID", AzdParameters.Variables);
        Assert.All(AzdParameters.Variables, name =>
            Assert.Contains($"\n      {name}: ${{{{ vars.{name} ", workflow, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_action_of_the_workflows_is_pinned_to_a_commit()
    {
        var steps = Directory
            .EnumerateFiles(Folder, "*.yml")
            .SelectMany(File.ReadLines)
            .Where(line => Uses().IsMatch(line))
            .ToList();

        Assert.NotEmpty(steps);
        Assert.All(steps, step => Assert.Matches(PinnedUse(), step));
    }

    [Fact]
    public async Task The_forge_runs_what_a_change_must_pass_and_nothing_of_it_twice()
    {
        var workflow = await File.ReadAllTextAsync(Path.Combine(Folder, "ci.yml"));

        Assert.Contains("\n        run: .ci/run\n", workflow, StringComparison.Ordinal);
        Assert.DoesNotContain("dotnet test BackupFunctions.sln", workflow, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\s*(-\s+)?uses:", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Uses();

    [GeneratedRegex(@"uses: [\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+(\.\d+)*$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex PinnedUse();
}
