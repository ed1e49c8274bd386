using System.Net.Sockets;
using BackupFunctions.Check;
using BackupFunctions.Emulators;
using BackupFunctions.LocalHost.Api;
using BackupFunctions.Renewal;
using BackupFunctions.Settings;
using Microsoft.Extensions.Options;

namespace BackupFunctions.LocalHost;

/// <summary>The handlers and timers of Core on Kestrel, with emulators for what the settings leave out.</summary>
internal sealed class LocalHostApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EmulatorSuite? _suite;
    private bool _isStarted;

    private LocalHostApp(WebApplication app, EmulatorSuite? suite)
    {
        _app = app;
        _suite = suite;
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>The emulators; null if the settings name a vault.</summary>
    public EmulatorSuite? Emulators => _suite;

    /// <summary>The addresses that it serves.</summary>
    public IReadOnlyList<string> Urls => [.. _app.Urls];

    /// <summary>
    /// Starts the host at the endpoints; without any, it answers only in this process and runs no timers.
    /// </summary>
    /// <exception cref="StartRefusedException">A setting is bad, or an address is in use.</exception>
    public static async Task<LocalHostApp> StartAsync(
        LocalHostOptions options,
        IReadOnlyList<LoopbackEndpoint> endpoints,
        CancellationToken cancellationToken
    )
    {
        var settings = LocalSettings.Read(options.SettingsFile);
        var suite = await StartEmulatorsAsync(options, settings, cancellationToken);
        try
        {
            var findings = EmulatedDefaults.Seed(settings, suite);
            if (findings.Count > 0)
            {
                throw new StartRefusedException(findings.Select(finding => finding.ToString()));
            }

            var app = Build(options, settings, suite, endpoints);
            var host = new LocalHostApp(app, suite);
            await host.StartAsync(cancellationToken);
            return host;
        }
        catch
        {
            if (suite is not null)
            {
                await suite.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Builds a host that never starts, so that a check can report bad settings too.</summary>
    /// <exception cref="StartRefusedException">The settings file cannot be read.</exception>
    public static async Task<LocalHostApp> CreateForCheckAsync(
        LocalHostOptions options,
        CancellationToken cancellationToken
    )
    {
        var settings = LocalSettings.Read(options.SettingsFile);
        var suite = await StartEmulatorsAsync(options, settings, cancellationToken);
        var findings = EmulatedDefaults.Seed(settings, suite);
        return new LocalHostApp(Build(options, settings, suite, endpoints: [], findings), suite);
    }

    /// <summary>Serves until Ctrl+C or SIGTERM.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_isStarted)
        {
            await _app.StopAsync();
        }

        await _app.DisposeAsync();
        if (_suite is not null)
        {
            await _suite.DisposeAsync();
        }
    }

    private static async Task<EmulatorSuite?> StartEmulatorsAsync(
        LocalHostOptions options,
        IConfigurationRoot settings,
        CancellationToken cancellationToken
    ) =>
        EmulatedDefaults.IsVaultEmbedded(settings)
            ? await EmulatorSuite.StartAsync(new EmulatorOptions { Time = options.Time }, cancellationToken)
            : null;

    private static WebApplication Build(
        LocalHostOptions options,
        IConfigurationRoot settings,
        EmulatorSuite? suite,
        IReadOnlyList<LoopbackEndpoint> endpoints,
        IReadOnlyList<SettingFinding>? findingsForCheck = null
    )
    {
        // An empty builder, so that no setting of the machine can make Kestrel listen anywhere else.
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = "BackupFunctions.LocalHost" }
        );
        if (endpoints.FirstOrDefault(endpoint => endpoint.Port != 0) is { } own)
        {
            // What the alerts link to, unless the settings say otherwise.
            builder.Configuration.AddInMemoryCollection([new("Alerts:AppUrl", $"http://{own.Host}:{own.Port}")]);
        }

        EmulatedDefaults.AddTo(builder, settings, suite);
        var mayRenew = options.OwnsTheVault || EmulatedDefaults.AreVaultsEmulated(builder.Configuration);
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                foreach (var endpoint in endpoints)
                {
                    endpoint.ListenOn(kestrel);
                }
            });
        // The command prints why a start failed as a sentence; the host would log it with a stack trace first.
        builder
            .Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        options.Logging(builder.Logging);
        TelemetryExport.AddTo(builder);
        builder.Services.AddSingleton(options.Time);

        // Within the 45 s after which the command ends the process.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(43));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, Microsoft.Extensions.Hosting.Internal.ConsoleLifetime>();
        builder.Services.AddHostFiltering(filter =>
            filter.AllowedHosts = ["localhost", "127.0.0.1", "[::1]", .. endpoints.Select(endpoint => endpoint.Host)]
        );
        builder.Services.AddSingleton<TimerRuns>();
        builder.Services.AddSingleton(HostingPlatform.Local);
        builder.Services.AddSingleton(new RenewalOptions { MaySpendRefreshTokens = mayRenew });
        var tokens = builder.Services.AddBackupTokens(builder.Configuration).AddKeyVault().AddVendors();
        if (findingsForCheck is not null)
        {
            tokens.FindBadSettings(findingsForCheck);
        }

        if (mayRenew && endpoints.Count > 0)
        {
            builder.Services.AddHostedService<RefreshTimers>();
        }

        var app = builder.Build();
        app.UseMiddleware<NoStoreMiddleware>();
        app.UseHostFiltering();
        app.UseMiddleware<SameOriginMiddleware>();
        app.UseRouting();
        Routes.Map(app);
        return app;
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _app.StartAsync(cancellationToken);
            _isStarted = true;
        }
        catch (OptionsValidationException exception)
        {
            await _app.DisposeAsync();
            throw new StartRefusedException(exception.Failures, exception);
        }
        catch (IOException exception)
            when (exception.InnerException is SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await _app.DisposeAsync();
            throw new StartRefusedException(
                [$"{exception.Message} Stop the program that listens there, or pass --urls http://localhost:7072."],
                exception
            );
        }
    }
}
