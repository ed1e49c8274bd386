using System.Diagnostics;
using System.Runtime.Versioning;

namespace BackupFunctions.LocalHost.Tests.Deployment.Operation;

/// <summary>The script <c>infra/smoke-test.sh</c>, run against a server that has the app's routes.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SmokeTestTests : IDisposable
{
    private const string ClientId = "11111111-2222-3333-4444-555555555555";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("smoke-test-");

    [Fact]
    public async Task A_good_deployment_passes()
    {
        await using var host = await RunningHost.StartAsync();

        var (exitCode, output) = await RunAsync("", [.. Options(host), "--client-id", ClientId]);

        Assert.Equal(0, exitCode);
        Assert.Contains("health: the app serves", output, StringComparison.Ordinal);
        Assert.Contains("\"acronis\"", output, StringComparison.Ordinal);
        Assert.Contains("check: all is well", output, StringComparison.Ordinal);
        Assert.Equal($"api://{ClientId}", (await File.ReadAllTextAsync(AskedFor)).Trim());
    }

    [Fact]
    public async Task A_misconfigured_connection_fails_it_with_what_is_wrong()
    {
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Connections__Veeam__berlin__BaseUrl"] = "not an address",
                ["Connections__Veeam__berlin__Username"] = "backup-tokens",
            }
        );

        var (exitCode, output) = await RunAsync("key\n", [.. Options(host), "--key"]);

        Assert.Equal(2, exitCode);
        Assert.Contains("connection-misconfigured", output, StringComparison.Ordinal);
        Assert.Contains("veeam/berlin", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_does_not_answer_fails_it()
    {
        var (exitCode, output) = await RunAsync(
            "key\n",
            ["--app-url", "http://127.0.0.1:1", "--attempts", "1", "--key"]
        );

        Assert.Equal(1, exitCode);
        Assert.Contains("did not answer 200 in 1 attempts", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_which_role_a_refused_caller_needs()
    {
        await using var server = await RefusingServer.StartAsync();

        var (exitCode, output) = await RunAsync(
            "",
            ["--app-url", server.Address, "--attempts", "1", "--client-id", ClientId]
        );

        Assert.Equal(1, exitCode);
        Assert.Contains("the app role Connections.Manage", output, StringComparison.Ordinal);
        Assert.Equal("Bearer token-of-azure", server.Authorization);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string AskedFor => Path.Combine(_folder.FullName, "asked-for");

    private static string[] Options(RunningHost host) =>
        ["--app-url", host.Client.BaseAddress!.AbsoluteUri, "--attempts", "1"];

    private async Task<(int ExitCode, string Output)> RunAsync(string input, string[] options)
    {
        var az = Path.Combine(_folder.FullName, "az");
        await File.WriteAllTextAsync(az, $"#!/bin/sh\nprintf '%s\\n' \"$4\" > '{AskedFor}'\necho token-of-azure\n");
        File.SetUnixFileMode(az, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("sh", [Path.Combine(BicepCompiler.Infra, "smoke-test.sh"), .. options])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PATH"] = $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}" },
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);
        return (process.ExitCode, await output + await errors);
    }
}
