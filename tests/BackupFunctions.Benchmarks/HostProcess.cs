using System.CommandLine;
using System.Diagnostics;
using BackupFunctions.LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Benchmarks;

/// <summary>LocalHost in another process of this program, with one route more. It ends with this one.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string CommandName = "host";
    private const string TokenPath = "/api/GetToken/acronis";
    private const string ConstantPath = "/constant";

    private readonly Process _process;

    private HostProcess(Process process, Uri address)
    {
        _process = process;
        Token = new Uri(address, TokenPath);
        Constant = new Uri(address, ConstantPath);
    }

    public Uri Token { get; }

    public Uri Constant { get; }

    public static Command CreateCommand()
    {
        var command = new Command(CommandName);
        command.Hidden = true;
        command.SetAction((arguments, cancellationToken) => ServeAsync(arguments.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    public static async Task<HostProcess> StartAsync(CancellationToken cancellationToken)
    {
        // Its log is formatted and written as always, to where it costs neither a disk nor a terminal.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" 2> /dev/null", Environment.ProcessPath!, CommandName])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("LocalHost ended.");
        return new HostProcess(process, new Uri(line));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>The other side: serves until its standard input ends.</summary>
    private static async Task ServeAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var body = Array.Empty<byte>();
        var options = new LocalHostOptions { FurtherRoutes = routes => routes.MapGet(ConstantPath, (RequestDelegate)(context => WriteAsync(context.Response, body))) };
        await using var host = await LocalHostApp.StartAsync(options, [new LoopbackEndpoint("127.0.0.1", 0)], cancellationToken);
        var address = new Uri(host.Urls[0]);
        using (var client = new HttpClient { BaseAddress = address })
        {
            body = await client.GetByteArrayAsync(TokenPath, cancellationToken);
        }

        await output.WriteLineAsync(address.AbsoluteUri);
        await output.FlushAsync(cancellationToken);
        while (await Console.In.ReadLineAsync(cancellationToken) is not null)
        {
            // Whatever is written here means nothing; only its end does.
        }
    }

    private static async Task WriteAsync(HttpResponse response, byte[] body)
    {
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body);
    }
}
