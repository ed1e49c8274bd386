using BackupFunctions.Functions;
using BackupFunctions.Testing;

namespace BackupFunctions.App.Tests;

/// <summary>The worker in a process of its own, as the Functions host starts it.</summary>
public sealed class LogStreamTests
{
    /// <summary>The host shows what the worker writes to standard output.</summary>
    [Fact]
    public async Task A_line_outside_any_invocation_reaches_standard_output_on_one_line_with_its_instant()
    {
        await using var host = await SilentHost.StartAsync();
        await using var app = ChildProcess.Start(
            "dotnet",
            [typeof(RefreshNow).Assembly.Location, .. host.WorkerArguments],
            AppContext.BaseDirectory,
            environment: new Dictionary<string, string>
            {
                ["KeyVault__VaultUri"] = "https://contoso-backup.vault.azure.net",
                ["KeyVault__Unknown"] = "1",
            }
        );

        var line = await app.ExpectAsync("[5102]", TimeSpan.FromSeconds(60));

        Assert.Matches(
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z warn: BackupFunctions[.]Status[.]SettingsReport\\[5102\\] "
                + "A setting is ignored, .*KeyVault:Unknown is not a setting[.]",
            line
        );
    }
}
