using System.Text.Json;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>
/// LocalHost in this process, on a free port, with its emulators and a log that must contain no secret.
/// </summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly LocalHostApp _app;
    private readonly TemporaryFile _settings;

    private RunningHost(LocalHostApp app, TemporaryFile settings)
    {
        _app = app;
        _settings = settings;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls[0]) };
    }

    public HttpClient Client { get; }

    public LocalHostApp App => _app;

    public IServiceProvider Services => _app.Services;

    public EmulatorSuite Emulators => _app.Emulators!;

    public static async Task<RunningHost> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null,
        TimeProvider? time = null,
        bool ownsTheVault = false,
        string address = "127.0.0.1",
        LogRecorder? log = null,
        string? settingsFile = null
    )
    {
        var file = new TemporaryFile(
            settingsFile
                ?? JsonSerializer.Serialize(
                    new { IsEncrypted = false, Values = settings ?? new Dictionary<string, string>() }
                )
        );
        try
        {
            var options = new LocalHostOptions(new FileInfo(file.Path), ownsTheVault)
            {
                Time = time ?? TimeProvider.System,
                Logging = logging => LogEverything(log is null ? logging : logging.AddRecorder(log)),
            };
            var host = new RunningHost(
                await LocalHostApp.StartAsync(options, [new LoopbackEndpoint(address, 0)], CancellationToken.None),
                file
            );
            host._app.Emulators?.Credentials.Guarded();
            return host;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Calls GetToken; guards the token.</summary>
    public async Task<GotToken> GetTokenAsync(string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"/api/GetToken/{path}");
        using var response = await Client.SendAsync(request);
        var reply = new GotToken(response, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
        if (reply.Status == 200)
        {
            SuiteLog.Guard(reply.AccessToken);
        }

        return reply;
    }

    /// <summary>The calls to the vendors and the vault, without the lists that the host requests by itself.</summary>
    public (int Vendors, int Vault) Calls()
    {
        // Counted one by one: a list that arrives in the meantime would change a total.
        var vault = Emulators
            .Vault.Counters.Snapshot()
            .Where(count => count.Key is not (Endpoints.List or Endpoints.Challenge));
        return (
            Emulators.Emulators.Where(emulator => emulator != Emulators.Vault).Sum(emulator => emulator.Counters.Total),
            vault.Sum(count => count.Value)
        );
    }

    public async ValueTask DisposeAsync()
    {
        _app.Emulators?.Vault.GuardTokens();
        Client.Dispose();
        await _app.DisposeAsync();
        _settings.Dispose();
    }

    private static void LogEverything(ILoggingBuilder logging)
    {
        logging.AddSuiteLog();
        logging.Services.Configure<LoggerFilterOptions>(filter =>
        {
            filter.Rules.Clear();
            filter.MinLevel = LogLevel.Trace;
        });
    }
}
