using System.CommandLine;
using BackupFunctions.Emulators;
using BackupFunctions.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Benchmarks.Processes;

/// <summary>
/// A plain ASP.NET Core host without logging in another process of this program: the handler of GetToken, and an
/// endpoint that answers the same bytes.
/// </summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string CommandName = "host";
    private const string TokenPath = "/api/GetToken/acronis";
    private const string ConstantPath = "/constant";

    private readonly ServingProcess _process;

    private HostProcess(ServingProcess process)
    {
        _process = process;
        var address = new Uri(process.FirstLine);
        Token = new Uri(address, TokenPath);
        Constant = new Uri(address, ConstantPath);
    }

    public Uri Token { get; }

    public Uri Constant { get; }

    public static Command CreateCommand()
    {
        var command = new Command(CommandName) { Hidden = true };
        command.SetAction(
            (arguments, cancellationToken) => ServeAsync(arguments.InvocationConfiguration.Output, cancellationToken)
        );
        return command;
    }

    public static async Task<HostProcess> StartAsync(CancellationToken cancellationToken) =>
        new(await ServingProcess.StartAsync([CommandName], cancellationToken));

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task ServeAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var suite = await EmulatorSuite.StartAsync(new EmulatorOptions(), cancellationToken);
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(suite.ClientSettings()!);
        builder.Services.AddBackupTokens(builder.Configuration).AddKeyVault().AddVendors();
        await using var host = builder.Build();
        var handlers = host.Services.GetRequiredService<TokenHandlers>();
        var body = Array.Empty<byte>();
        host.MapGet(TokenPath, (RequestDelegate)(context => GetTokenAsync(handlers, context)));
        host.MapGet(ConstantPath, (RequestDelegate)(context => WriteAsync(context.Response, body)));
        await host.StartAsync(cancellationToken);

        var address = new Uri(host.Urls.Single());
        using (var client = new HttpClient { BaseAddress = address })
        {
            body = await client.GetByteArrayAsync(TokenPath, cancellationToken);
        }

        await ServingProcess.ServeAsync(address.AbsoluteUri, output, cancellationToken);
    }

    private static async Task GetTokenAsync(TokenHandlers handlers, HttpContext context)
    {
        var result = await handlers.GetTokenAsync(context.Request, "acronis", connection: null, context.RequestAborted);
        await result.ExecuteAsync(context);
    }

    private static async Task WriteAsync(HttpResponse response, byte[] body)
    {
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body);
    }
}
