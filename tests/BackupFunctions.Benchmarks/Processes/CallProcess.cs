using System.CommandLine;
using System.Net;
using BackupFunctions.Benchmarks.WarmHits;
using BackupFunctions.Web.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace BackupFunctions.Benchmarks.Processes;

/// <summary>
/// A plain ASP.NET Core host without logging in another process of this program: the handler of Call with a token in
/// memory, and a bare <see cref="IHttpForwarder"/>, both before the same API.
/// </summary>
internal sealed class CallProcess : IAsyncDisposable
{
    private const string CommandName = "calls";

    private readonly ServingProcess _process;

    private CallProcess(ServingProcess process)
    {
        _process = process;
        var address = new Uri(process.FirstLine);
        Calls = new Uri(address, "/api/Call/near/c0/");
        Bare = new Uri(address, "/bare/");
    }

    /// <summary>Where the handler of Call is.</summary>
    public Uri Calls { get; }

    /// <summary>Where the forwarder alone is.</summary>
    public Uri Bare { get; }

    public double PeakMegabytes => _process.PeakMegabytes;

    public static Command CreateCommand()
    {
        var api = new Argument<Uri>("api") { CustomParser = argument => new Uri(argument.Tokens[0].Value) };
        var command = new Command(CommandName) { api };
        command.Hidden = true;
        command.SetAction(
            (arguments, cancellationToken) =>
                ServeAsync(arguments.GetValue(api)!, arguments.InvocationConfiguration.Output, cancellationToken)
        );
        return command;
    }

    public static async Task<CallProcess> StartAsync(ApiProcess api, CancellationToken cancellationToken) =>
        new(await ServingProcess.StartAsync([CommandName, api.Address.AbsoluteUri], cancellationToken));

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task ServeAsync(Uri api, TextWriter output, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        NearService.AddTo(builder.Services, [NearVendor.Connection(0, api)]);
        await using var host = builder.Build();
        var handlers = host.Services.GetRequiredService<CallHandlers>();
        var forwarder = host.Services.GetRequiredService<IHttpForwarder>();
        using var client = new HttpMessageInvoker(
            // As YARP's documentation of direct forwarding configures it.
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                UseCookies = false,
                EnableMultipleHttp2Connections = true,
                ConnectTimeout = TimeSpan.FromSeconds(15),
            }
        );
        host.Map("/api/Call/{vendor}/{connection}/{*path}", (RequestDelegate)(context => CallAsync(handlers, context)));
        host.Map(
            "/bare/{*path}",
            (RequestDelegate)(
                async context =>
                {
                    context.Request.Path = $"/{context.Request.RouteValues["path"]}";
                    await forwarder.SendAsync(context, api.AbsoluteUri, client);
                }
            )
        );
        await host.StartAsync(cancellationToken);
        await ServingProcess.ServeAsync(host.Urls.Single(), output, cancellationToken);
    }

    private static async Task CallAsync(CallHandlers handlers, HttpContext context)
    {
        var route = context.Request.RouteValues;
        var result = await handlers.CallAsync(
            context.Request,
            (string)route["vendor"]!,
            (string)route["connection"]!,
            context.RequestAborted
        );
        await result.ExecuteAsync(context);
    }
}
