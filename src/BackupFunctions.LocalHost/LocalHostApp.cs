using System.Net.Sockets;
using BackupFunctions.Check;
using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using BackupFunctions.Renewal;
using BackupFunctions.Settings;
using Microsoft.Extensions.Options;

namespace BackupFunctions.LocalHost;

/// <summary>The handlers and refreshers of Core on Kestrel, with the emulators where no setting says otherwise.</summary>
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

    /// <summary>The emulators behind it; null where settings name a vault.</summary>
    public EmulatorSuite? Emulators => _suite;

    /// <summary>Where it serves.</summary>
    public IReadOnlyList<string> Urls => [.. _app.Urls];

    /// <summary>Starts the host.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="endpoints">Where to serve; none for a host that only answers within this process, and runs no timers.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="StartRefusedException">A setting is bad, or an address is taken.</exception>
    public static async Task<LocalHostApp> StartAsync(
        LocalHostOptions options,
        IReadOnlyList<LoopbackEndpoint> endpoints,
        CancellationToken cancellationToken
    )
    {
        var settings = LocalSettings.Read(options.SettingsFile);
        _ = VaultWarmUp.BeginAsync(settings);
        var suite = EmulatedDefaults.IsVaultEmbedded(settings)
            ? await EmulatorSuite.StartAsync(new EmulatorOptions { Time = options.Time }, cancellationToken)
            : null;
        try
        {
            EmulatedDefaults.Seed(settings, suite);
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

    /// <summary>Makes a host that is never started, so that bad settings can be told of among all else that is wrong.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StartRefusedException">The settings file cannot be read.</exception>
    public static async Task<LocalHostApp> CreateForCheckAsync(
        LocalHostOptions options,
        CancellationToken cancellationToken
    )
    {
        var settings = LocalSettings.Read(options.SettingsFile);
        var suite = EmulatedDefaults.IsVaultEmbedded(settings)
            ? await EmulatorSuite.StartAsync(new EmulatorOptions { Time = options.Time }, cancellationToken)
            : null;
        var findings = EmulatedDefaults.SeedWhatIsGood(settings, suite);
        return new LocalHostApp(Build(options, settings, suite, endpoints: [], findings), suite);
    }

    /// <summary>Serves until Ctrl+C or SIGTERM.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
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

    private static WebApplication Build(
        LocalHostOptions options,
        IConfigurationRoot settings,
        EmulatorSuite? suite,
        IReadOnlyList<LoopbackEndpoint> endpoints,
        IReadOnlyList<SettingFinding>? foundForCheck = null
    )
    {
        // An empty builder: no setting of a machine can make Kestrel listen anywhere but where it is told to below.
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = "BackupFunctions.LocalHost" }
        );
        if (suite is not null)
        {
            builder.Configuration.AddInMemoryCollection(EmulatedDefaults.DefaultsFor(settings, suite));
        }

        builder.Configuration.AddConfiguration(settings);
        var mayRenew = options.OwnsTheVault || VaultIsEmulator(builder.Configuration);
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
        // What stops a start is told as a sentence; the host would log it with a stack trace before.
        builder
            .Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        options.Logging(builder.Logging);
        TelemetryExport.AddTo(builder);
        builder.Services.AddSingleton(options.Time);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, Microsoft.Extensions.Hosting.Internal.ConsoleLifetime>();
        builder.Services.AddHostFiltering(filter =>
            filter.AllowedHosts = ["localhost", "127.0.0.1", "[::1]", .. endpoints.Select(endpoint => endpoint.Host)]
        );
        builder.Services.AddSingleton<TimerRuns>();
        builder.Services.AddSingleton(HostingPlatform.Local);
        builder.Services.AddSingleton(new RenewalOptions { MaySpendRefreshTokens = mayRenew });
        var tokens = builder
            .Services.AddBackupTokens(builder.Configuration)
            .AddKeyVault()
            .AddVendors()
            .AddApiDocument(typeof(LocalHostApp).Assembly);
        builder.Services.PostConfigure<BackupFunctionsOptions>(read => read.EmbedsVault = suite is not null);
        if (foundForCheck is not null)
        {
            tokens.FindBadSettings(foundForCheck);
        }

        if (mayRenew && endpoints.Count > 0)
        {
            builder.Services.AddHostedService<RefreshTimers>();
        }

        var app = builder.Build();
        app.UseHostFiltering();
        app.UseMiddleware<SameOriginMiddleware>();
        app.Use(
            (context, next) =>
            {
                // All that answers is there once, so that a scope for each request would cost its time for nothing.
                context.RequestServices = app.Services;
                return next(context);
            }
        );
        app.UseRouting();
        Routes.Map(app);
        options.FurtherRoutes?.Invoke(app);
        return app;
    }

    private static bool VaultIsEmulator(ConfigurationManager configuration) =>
        IsUnsetOrLoopback(configuration["KeyVault:VaultUri"])
        && IsUnsetOrLoopback(configuration["KeyVault:TokenVaultUri"]);

    private static bool IsUnsetOrLoopback(string? text) =>
        string.IsNullOrWhiteSpace(text) || (Uri.TryCreate(text, UriKind.Absolute, out var vault) && vault.IsLoopback);

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
                [$"{exception.Message} End what listens there, or serve elsewhere with --urls http://localhost:7072."],
                exception
            );
        }
    }
}
