using System.Globalization;
using System.Runtime.Versioning;
using BackupFunctions.Testing;

namespace BackupFunctions.Samples.Tests.Curl;

/// <summary>
/// A script of <c>samples/curl</c> as a process of its own. In its PATH <c>curl</c> is the real one behind a note of
/// its arguments, which is what ps shows, and of what it reads; <c>sleep</c> notes how long and returns.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class CurlRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("curl-sample-");

    public CurlRun()
    {
        var notes = _folder.FullName;
        WriteProgram(
            "curl",
            $"printf '%s\\n' \"$@\" >> '{notes}/arguments'\ntee -a '{notes}/input' | exec {RealCurl()} \"$@\""
        );
        WriteProgram("sleep", $"printf '%s\\n' \"$1\" >> '{notes}/waits'");
        WriteProgram(
            "az",
            $"printf '%s ' \"$@\" >> '{notes}/azure'\n"
                + "[ -z \"$AZ_FAILS\" ] || { echo 'Please run az login.' >&2; exit 1; }\n"
                + $"echo '{AzureToken}'"
        );
    }

    /// <summary>What the Azure CLI gives.</summary>
    public static string AzureToken { get; } = SuiteLog.Guard("token-of-entra-id-for-the-curl-samples");

    /// <summary>Whom the scripts sign in to; null for nobody.</summary>
    public string? Audience { get; init; }

    /// <summary>Whether the Azure CLI is not signed in.</summary>
    public bool IsSignedOut { get; init; }

    /// <summary>What the Azure CLI was asked, in one line.</summary>
    public string AzureArguments => Read("azure").Trim();

    public int ExitCode { get; private set; }

    /// <summary>Both streams.</summary>
    public string Output { get; private set; } = "";

    /// <summary>What ps could have shown of each curl.</summary>
    public string Arguments => Read("arguments");

    /// <summary>What curl read from its standard input.</summary>
    public string Input => Read("input");

    public IEnumerable<int> Waits =>
        Read("waits")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(wait => int.Parse(wait, CultureInfo.InvariantCulture));

    private static string Samples => Path.Combine(Repository.Root, "samples", "curl");

    /// <summary>Runs one of the samples.</summary>
    public Task RunAsync(string script, string url, string key, params string[] arguments) =>
        RunAsync(
            url,
            key,
            [
                .. arguments.TakeWhile(argument => argument == "-x"),
                Path.Combine(Samples, script),
                .. arguments.SkipWhile(argument => argument == "-x"),
            ]
        );

    private async Task RunAsync(string url, string key, IEnumerable<string> arguments)
    {
        await using var process = ChildProcess.Start(
            "sh",
            arguments,
            _folder.FullName,
            environment:
            [
                new("BACKUP_FUNCTIONS_URL", url),
                new("BACKUP_FUNCTIONS_KEY", key),
                new("BACKUP_FUNCTIONS_AUDIENCE", Audience ?? ""),
                new("AZ_FAILS", IsSignedOut ? "yes" : ""),
                new("HOME", _folder.FullName),
                new("CURL_HOME", _folder.FullName),
                new("NO_PROXY", ""),
                new("PATH", $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}"),
            ]
        );
        ExitCode = await process.Exit.WaitAsync(Patience);
        Output = process.Output;
    }

    /// <summary>A file that the script wrote.</summary>
    public FileInfo File(string name) => new(Path.Combine(_folder.FullName, name));

    public void Dispose() => _folder.Delete(recursive: true);

    private string Read(string name) =>
        File(name) is { Exists: true } file ? System.IO.File.ReadAllText(file.FullName) : "";

    private void WriteProgram(string name, string text)
    {
        var file = File(name).FullName;
        System.IO.File.WriteAllText(file, $"#!/bin/sh\n{text}\n");
        System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string RealCurl() =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(':')
            .Select(folder => Path.Combine(folder, "curl"))
            .First(System.IO.File.Exists);
}
