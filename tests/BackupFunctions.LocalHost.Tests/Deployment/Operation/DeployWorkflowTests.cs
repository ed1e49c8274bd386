using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Deployment.Operation;

/// <summary>In which order the workflow Deploy does things.</summary>
public sealed class DeployWorkflowTests
{
    private static readonly string Workflow = File.ReadAllText(
        Path.Combine(Repository.Root, ".github", "workflows", "deploy.yml")
    );

    [Fact]
    public void Settings_are_tried_then_code_goes_before_settings_and_the_app_is_asked_last()
    {
        string[] steps =
        [
            $"--filter FullyQualifiedName~{nameof(SettingsOfThisEnvironmentTests)}",
            "name: Deploy the code\n",
            "name: Provision\n",
            "name: Deploy the code for the first time\n",
            "infra/smoke-test.sh --app-url",
        ];
        var places = steps.Select(step => Workflow.IndexOf(step, StringComparison.Ordinal)).ToList();

        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void A_rollback_changes_no_setting() =>
        Assert.Contains(
            "name: Provision\n        if: ${{ !inputs.code_only }}\n        run: azd provision --no-prompt\n",
            Workflow,
            StringComparison.Ordinal
        );
}
