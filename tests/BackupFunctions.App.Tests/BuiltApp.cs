using System.Diagnostics;
using System.Reflection;
using BackupFunctions.Functions;
using BackupFunctions.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.App.Tests;

/// <summary>
/// The host that Program.cs builds, captured before it runs: the runtime announces it on a diagnostic listener, as for
/// design-time tools.
/// </summary>
internal sealed class BuiltApp : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private static readonly AsyncLocal<BuiltApp?> Current = new();
    private readonly IReadOnlyDictionary<string, string> _settings;
    private IHost? _host;

    private BuiltApp(IReadOnlyDictionary<string, string> settings) => _settings = settings;

    /// <summary>Builds it with the settings, and with every check of the container.</summary>
    public static IHost Create(IReadOnlyDictionary<string, string> settings)
    {
        var app = new BuiltApp(settings);
        using var subscription = DiagnosticListener.AllListeners.Subscribe(app);
        Current.Value = app;
        try
        {
            typeof(RefreshNow).Assembly.EntryPoint!.Invoke(
                obj: null,
                BindingFlags.DoNotWrapExceptions,
                binder: null,
                [Array.Empty<string>()],
                culture: null
            );
        }
        catch (BuiltException)
        {
            // Thrown below, so that the program stops before it runs.
        }
        finally
        {
            Current.Value = null;
        }

        return app._host ?? throw new InvalidOperationException("Program.cs did not build a host.");
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting")
            value.Subscribe(this);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Current.Value != this)
            return;
        if (value.Key == "HostBuilding")
        {
            ((IHostBuilder)value.Value!)
                .ConfigureAppConfiguration(configuration =>
                    configuration.AddInMemoryCollection(
                        _settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))
                    )
                )
                .ConfigureLogging(logging => logging.AddSuiteLog())
                .UseDefaultServiceProvider(container =>
                {
                    container.ValidateOnBuild = true;
                    container.ValidateScopes = true;
                });
        }
        else if (value.Key == "HostBuilt")
        {
            _host = (IHost)value.Value!;
            throw new BuiltException();
        }
    }

    public void OnCompleted()
    {
        // Nothing to do.
    }

    public void OnError(Exception error)
    {
        // A failing listener does not concern the program.
    }

    private sealed class BuiltException : Exception;
}
