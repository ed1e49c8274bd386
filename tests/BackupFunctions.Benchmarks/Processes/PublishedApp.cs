using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BackupFunctions.Testing;

namespace BackupFunctions.Benchmarks.Processes;

/// <summary>A web app published with its project's own settings.</summary>
internal sealed class PublishedApp
{
    private readonly string _program;

    private PublishedApp(string program) => _program = program;

    public static async Task<PublishedApp> PublishAsync(string project, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(project);
        var folder = Path.Combine(Repository.Root, "artifacts", "figures", name);
        var start = Quiet(
            "dotnet",
            ["publish", Path.Combine(Repository.Root, project), "-c", "Release", "-o", folder, "-v", "q"]
        );
        using var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? new PublishedApp(Path.Combine(folder, name))
            : throw new InvalidOperationException($"{name} could not be published:\n{output}");
    }

    /// <summary>Starts it, polls until it answers with 200, and kills it.</summary>
    /// <returns>Milliseconds from the start to the answer.</returns>
    public async Task<double> TimeToFirstReplyAsync(
        string path,
        IEnumerable<KeyValuePair<string, string>> settings,
        CancellationToken cancellationToken
    )
    {
        var port = FreePort();
        var start = Quiet(_program, ["--urls", $"http://127.0.0.1:{port}"]);

        // An app made from the template watches its working folder for changed settings.
        start.WorkingDirectory = Path.GetDirectoryName(_program);
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var since = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            // Read and discarded: a full pipe would block the program.
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await FirstReply.WaitAsync(port, path, () => process.HasExited, cancellationToken);
            return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static ProcessStartInfo Quiet(string program, IEnumerable<string> arguments) =>
        new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
