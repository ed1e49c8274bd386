using BackupFunctions.LocalHost;
using BackupFunctions.Testing;
using Microsoft.Playwright;

namespace BackupFunctions.Browser.Tests;

/// <summary>The browser of this machine, started once, and a LocalHost that serves it the page.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private LocalHostApp? _host;

    internal LocalHostApp Host => _host!;

    /// <summary>Where the page is.</summary>
    public string Page => $"{Host.Urls[0]}/api/status/page";

    public async ValueTask InitializeAsync()
    {
        // Playwright must not look for a browser of its own.
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        var executable = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";
        if (!File.Exists(executable))
            throw new InvalidOperationException(
                $"There is no browser at {executable}. Install Chromium, or name one in CHROMIUM."
            );
        _host = await StartHostAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = Arguments });
    }

    /// <summary>A LocalHost with its emulators, on a free port.</summary>
    internal static Task<LocalHostApp> StartHostAsync() =>
        LocalHostApp.StartAsync(
            new LocalHostOptions { Logging = logging => logging.AddSuiteLog() },
            [new LoopbackEndpoint("127.0.0.1", 0)],
            CancellationToken.None
        );

    /// <summary>A browser context of its own: no cookie, no storage of another test.</summary>
    internal Task<IBrowserContext> NewContextAsync(Look look) =>
        _browser!.NewContextAsync(
            new()
            {
                ColorScheme = look.Scheme,
                ViewportSize = new() { Width = look.Width, Height = look.Height },
                ReducedMotion = ReducedMotion.Reduce,
                TimezoneId = "Europe/Vienna",
            }
        );

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
    }
}
