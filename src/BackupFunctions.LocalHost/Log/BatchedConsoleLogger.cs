using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace BackupFunctions.LocalHost.Log;

/// <summary>One category of <see cref="BatchedConsole"/>.</summary>
internal sealed class BatchedConsoleLogger(
    string category,
    ConsoleFormatter lines,
    BatchedWriter writer,
    Func<IExternalScopeProvider?> scopes
) : ILogger
{
    private const int KeptCapacity = 4096;

    [ThreadStatic]
    private static StringWriter? _line;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => scopes()?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        var line = _line ??= new StringWriter();
        var text = line.GetStringBuilder();
        lines.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), scopes(), line);
        writer.Append(text, isUrgent: logLevel >= LogLevel.Error);
        text.Clear();
        if (text.Capacity > KeptCapacity)
        {
            _line = null;
        }
    }
}
