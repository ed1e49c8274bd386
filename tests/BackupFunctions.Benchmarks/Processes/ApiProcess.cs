using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Benchmarks.Processes;

/// <summary>
/// A vendor's API in another process of this program: a small reply at <c>/small</c>, and one of 1 GiB at
/// <c>/large</c>.
/// </summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    public const string Small = "small";
    public const string Large = "large";
    public const long LargeLength = 1L << 30;

    private const string CommandName = "api";
    private const int ChunkLength = 64 * 1024;

    private readonly ServingProcess _process;

    private ApiProcess(ServingProcess process)
    {
        _process = process;
        Address = new Uri(process.FirstLine);
    }

    public Uri Address { get; }

    public static Command CreateCommand()
    {
        var command = new Command(CommandName) { Hidden = true };
        command.SetAction(
            (arguments, cancellationToken) => ServeAsync(arguments.InvocationConfiguration.Output, cancellationToken)
        );
        return command;
    }

    public static async Task<ApiProcess> StartAsync(CancellationToken cancellationToken) =>
        new(await ServingProcess.StartAsync([CommandName], cancellationToken));

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task ServeAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var host = builder.Build();
        var customers = """{"customers":[{"name":"Contoso"},{"name":"Fabrikam"}]}"""u8.ToArray();
        host.MapGet($"/{Small}", (RequestDelegate)(context => WriteAsync(context.Response, customers, 1)));
        var chunk = new byte[ChunkLength];
        host.MapGet(
            $"/{Large}",
            (RequestDelegate)(context => WriteAsync(context.Response, chunk, LargeLength / ChunkLength))
        );
        await host.StartAsync(cancellationToken);
        await ServingProcess.ServeAsync(host.Urls.Single(), output, cancellationToken);
    }

    private static async Task WriteAsync(HttpResponse response, byte[] body, long times)
    {
        response.ContentType = "application/json";
        response.ContentLength = body.Length * times;
        for (var time = 0L; time < times; time++)
        {
            await response.Body.WriteAsync(body);
        }
    }
}
