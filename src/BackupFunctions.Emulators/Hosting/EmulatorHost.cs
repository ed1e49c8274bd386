using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace BackupFunctions.Emulators;

/// <summary>One emulator on its own loopback port, with Kestrel.</summary>
public sealed class EmulatorHost : IAsyncDisposable
{
    private readonly WebApplication _server;

    private EmulatorHost(WebApplication server, Uri? plainAddress)
    {
        _server = server;
        PlainAddress = plainAddress;
    }

    /// <summary>
    /// Where it also answers in plain http, besides its <see cref="Emulator.BaseAddress"/>; null if nowhere.
    /// </summary>
    public Uri? PlainAddress { get; }

    /// <summary>Starts an emulator and sets its <see cref="Emulator.BaseAddress"/>.</summary>
    /// <param name="emulator">An emulator that no other host runs.</param>
    /// <param name="port">The port on 127.0.0.1; 0 takes a free one.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static Task<EmulatorHost> StartAsync(
        Emulator emulator,
        int port = 0,
        CancellationToken cancellationToken = default
    ) => StartAsync(emulator, port, plainPort: null, cancellationToken);

    /// <summary>Starts an emulator on two ports: its own, and one for plain http.</summary>
    /// <param name="emulator">An emulator that no other host runs.</param>
    /// <param name="port">The port on 127.0.0.1; 0 takes a free one.</param>
    /// <param name="plainPort">The port for plain http; 0 takes a free one, null opens none.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="IOException">A port is in use.</exception>
    public static async Task<EmulatorHost> StartAsync(
        Emulator emulator,
        int port,
        int? plainPort,
        CancellationToken cancellationToken = default
    )
    {
        // An empty builder reads no settings and writes no log, so that an emulator does not disturb its program.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MinResponseDataRate = null;
                kestrel.Listen(IPAddress.Loopback, port, listen => Configure(listen, emulator.Certificate));
                if (plainPort is { } plain)
                    kestrel.Listen(IPAddress.Loopback, plain, static listen => Configure(listen, certificate: null));
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

        // In the order of the calls to Listen.
        emulator.BaseAddress = new Uri(server.Urls.First());
        return new EmulatorHost(server, plainPort is null ? null : new Uri(server.Urls.Last()));
    }

    /// <summary>Stops the server and releases held calls.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private static void Configure(ListenOptions listen, X509Certificate2? certificate)
    {
        listen.Protocols = HttpProtocols.Http1;
        if (certificate is not null)
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
