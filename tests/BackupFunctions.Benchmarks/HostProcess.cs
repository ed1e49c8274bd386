using System.CommandLine;
using BackupFunctions.LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Benchmarks;

/// <summary>LocalHost in another process of this program, with one route more.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string CommandName = "host";
    private const string TokenPath = "/api/GetToken/acronis";
    private const string ConstantPath = "/constant";

    private readonly ServingProcess _process;

    private HostProcess(ServingProcess process)
    {
        _process = process;
        var address = new Uri(process.Told);
        Token = new Uri(address, TokenPath);
        Constant = new Uri(address, ConstantPath);
    }

    public Uri Token { get; }

    public Uri Constant { get; }

    public static Command CreateCommand()
    {
        var command = new Command(CommandName);
        command.Hidden = true;
        command.SetAction(
            (arguments, cancellationToken) => ServeAsync(arguments.InvocationConfiguration.Output, cancellationToken)
        );
        return command;
    }

    /// <summary>Starts it; its log is formatted and written as always.</summary>
    public static async Task<HostProcess> StartAsync(CancellationToken cancellationToken) =>
        new(await ServingProcess.StartAsync([CommandName], dropsErrors: true, cancellationToken));

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task ServeAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var body = Array.Empty<byte>();
        var options = new LocalHostOptions
        {
            FurtherRoutes = routes =>
                routes.MapGet(ConstantPath, (RequestDelegate)(context => WriteAsync(context.Response, body))),
        };
        await using var host = await LocalHostApp.StartAsync(
            options,
            [new LoopbackEndpoint("127.0.0.1", 0)],
            cancellationToken
        );
        var address = new Uri(host.Urls[0]);
        using (var client = new HttpClient { BaseAddress = address })
        {
            body = await client.GetByteArrayAsync(TokenPath, cancellationToken);
        }

        await ServingProcess.ServeAsync(address.AbsoluteUri, output, cancellationToken);
    }

    private static async Task WriteAsync(HttpResponse response, byte[] body)
    {
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body);
    }
}
