using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace BackupFunctions.Emulators;

/// <summary>One emulator on a loopback port of its own, with Kestrel.</summary>
public sealed class EmulatorHost : IAsyncDisposable
{
    private readonly WebApplication _server;

    private EmulatorHost(WebApplication server) => _server = server;

    /// <summary>Starts an emulator and tells it its <see cref="Emulator.BaseAddress"/>.</summary>
    /// <param name="emulator">One that no other host runs.</param>
    /// <param name="port">The port on 127.0.0.1; 0 takes a free one.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<EmulatorHost> StartAsync(Emulator emulator, int port = 0, CancellationToken cancellationToken = default)
    {
        // The empty builder reads no settings and writes no log: an emulator inside another program must not disturb it.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => Configure(listen, emulator));
        });
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));

        var server = builder.Build();
        server.Run(context => HandleAsync(context, emulator, server.Lifetime.ApplicationStopping));
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        emulator.BaseAddress = new Uri(server.Urls.Single());
        return new EmulatorHost(server);
    }

    /// <summary>Stops the server; calls that are held are let go.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private static void Configure(ListenOptions listen, Emulator emulator)
    {
        listen.Protocols = HttpProtocols.Http1;
        if (emulator.Certificate is { } certificate)
        {
            listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificate });
        }

        listen.Use(UndatedReplies.Middleware);
    }

    private static async Task HandleAsync(HttpContext context, Emulator emulator, CancellationToken stopping)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.RequestAborted = leaving.Token;
        await emulator.HandleAsync(context);
    }
}
