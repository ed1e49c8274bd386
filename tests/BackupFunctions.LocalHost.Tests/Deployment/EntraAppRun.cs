using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>
/// One of the scripts <c>infra/entra-app.*</c> as a process of its own. The <c>az</c> in its PATH is a stand-in that
/// answers from a file as Microsoft Graph would.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class EntraAppRun : IDisposable
{
    /// <summary>A managed identity that can be given roles.</summary>
    public const string Identity = "6d0f1f0e-1c0a-4d0c-9a55-0f3f6f1d2b77";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PatienceWithRegistry = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task> PowerShell = new(RestorePowerShellAsync);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("entra-app-");

    public EntraAppRun()
    {
        Change(state =>
        {
            state["signedIn"] = true;
            state["tenantId"] = "0a51a5e5-3c4f-4b5d-8f1e-6b1c7a1f9d10";
            // How many requests do not find what was just made.
            state["lag"] = 2;
            state["applications"] = new JsonArray();
            state["servicePrincipals"] = new JsonArray();
            state["principals"] = new JsonArray(Identity);
            state["writes"] = new JsonArray();
        });
    }

    public int ExitCode { get; private set; }

    public string Output { get; private set; } = "";

    public string Errors { get; private set; } = "";

    /// <summary>What Microsoft Graph has.</summary>
    public JsonObject State =>
        File.Exists(StateFile) ? JsonNode.Parse(File.ReadAllText(StateFile))!.AsObject() : new JsonObject();

    public JsonNode Application => Assert.Single(State["applications"]!.AsArray())!;

    public JsonNode ServicePrincipal => Assert.Single(State["servicePrincipals"]!.AsArray())!;

    private string StateFile => Path.Combine(_folder.FullName, "state.json");

    public void Change(Action<JsonObject> change)
    {
        var state = State;
        change(state);
        File.WriteAllText(StateFile, state.ToJsonString());
    }

    /// <summary>Runs a script with the options of the one for POSIX shells.</summary>
    public Task RunAsync(string script, params string[] options) => RunAllAsync(script, [options]);

    /// <summary>Runs a script once with each set of options; both streams are those of all runs.</summary>
    public async Task RunAllAsync(string script, IReadOnlyList<string[]> runs)
    {
        await NodePackages.EnsureAsync();
        WriteProgram("az", $"exec '{NodePackages.Node}' '{Path.Combine(NodePackages.Folder, "az.mjs")}' \"$@\"");
        await StartAsync(script, $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}", runs);
    }

    /// <summary>Runs a script where no <c>az</c> is.</summary>
    public Task RunWithoutAzAsync(string script)
    {
        foreach (var tool in new[] { "dirname", "grep" })
        {
            File.CreateSymbolicLink(Path.Combine(_folder.FullName, tool), Find(tool));
        }

        return StartAsync(
            script,
            _folder.FullName,
            [
                [],
            ]
        );
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task StartAsync(string script, string path, IReadOnlyList<string[]> runs)
    {
        var file = Path.Combine(BicepCompiler.Infra, script);
        (Output, Errors) = ("", "");
        if (script.EndsWith(".sh", StringComparison.Ordinal))
        {
            foreach (var options in runs)
                await StartAsync("sh", [file, .. options], path);
            return;
        }

        await PowerShell.Value;
        // It takes a second to start.
        var command = string.Join("; ", runs.Select(options => $"& '{file}' {string.Join(' ', Parameters(options))}"));
        await StartAsync(
            "dotnet",
            ["tool", "run", "pwsh", "--", "-NoProfile", "-Command", $"{command}; exit $LASTEXITCODE"],
            path
        );
    }

    private async Task StartAsync(string program, IEnumerable<string> arguments, string path)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PATH"] = path,
                ["AZ_STATE"] = StateFile,
                ["ENTRA_APP_WAIT"] = "0",
                ["NO_COLOR"] = "1",
                ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
                ["POWERSHELL_UPDATECHECK"] = "Off",
            },
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        (ExitCode, Output, Errors) = (process.ExitCode, Output + await output, Errors + await errors);
    }

    /// <summary>--add-role a --add-role b is -AddRole 'a','b' in PowerShell.</summary>
    private static IEnumerable<string> Parameters(string[] options) =>
        options
            .Chunk(2)
            .GroupBy(option => option[0], option => Quoted(option[1]), StringComparer.Ordinal)
            .Select(option => $"-{option.Key.Replace("-", "", StringComparison.Ordinal)} {string.Join(',', option)}");

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private void WriteProgram(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string Find(string tool) =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(':')
            .Select(folder => Path.Combine(folder, tool))
            .First(File.Exists);

    private static async Task RestorePowerShellAsync()
    {
        await using var restore = ChildProcess.Start("dotnet", ["tool", "restore"], Repository.Root);
        if (await restore.Exit.WaitAsync(PatienceWithRegistry) != 0)
            throw new InvalidOperationException($"dotnet tool restore failed. It wrote:\n{restore.Output}");
    }
}
