using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Console;

namespace BackupFunctions.LocalHost.Log;

/// <summary>
/// Logs to standard error as the console's own provider does, with its formatter and its settings, but many lines at a time: an audit
/// event with each token must not cost more than the token.
/// </summary>
[ProviderAlias("Console")]
internal sealed class BatchedConsole : ILoggerProvider, ISupportExternalScope
{
    /// <summary>Too short to be noticed by who looks on.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    /// <summary>What goes to the system in one call, in characters: some seventy lines.</summary>
    private const int MostAtOnce = 1 << 14;

    private readonly ConcurrentDictionary<string, BatchedConsoleLogger> _loggers = new(StringComparer.Ordinal);
    private readonly BatchedWriter _writer;
    private readonly ConsoleFormatter _formatter;
    private IExternalScopeProvider? _scopes;

    public BatchedConsole(IEnumerable<ConsoleFormatter> formatters)
        : this(formatters, Over(Console.OpenStandardError()), Moment) { }

    internal BatchedConsole(IEnumerable<ConsoleFormatter> formatters, TextWriter output, TimeSpan moment)
    {
        _formatter = formatters.Single(formatter => formatter.Name == ConsoleFormatterNames.Simple);
        _writer = new BatchedWriter(output, moment);
    }

    /// <summary>Writes there, and makes a call of the system of many lines rather than of a few.</summary>
    internal static StreamWriter Over(Stream output) => new(output, bufferSize: MostAtOnce);

    /// <summary>Logs there, one line an event.</summary>
    public static void AddTo(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(static console => console.SingleLine = true);
        if (OperatingSystem.IsWindows() && !Console.IsErrorRedirected)
        {
            // Its provider knows which terminals understand colours, and how to colour the others.
            logging.Services.Configure<ConsoleLoggerOptions>(static console =>
                console.LogToStandardErrorThreshold = LogLevel.Trace
            );
            return;
        }

        logging.Services.Remove(
            logging.Services.Single(service => service.ImplementationType == typeof(ConsoleLoggerProvider))
        );
        logging.Services.AddSingleton<ILoggerProvider, BatchedConsole>();
    }

    public ILogger CreateLogger(string categoryName) =>
        _loggers.GetOrAdd(categoryName, name => new BatchedConsoleLogger(name, _formatter, _writer, () => _scopes));

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() => _writer.Dispose();
}
