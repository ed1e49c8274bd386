using Microsoft.Extensions.Logging;

namespace BackupFunctions.Testing;

internal sealed class RecordingLogger(LogRecorder recorder, LoggerExternalScopeProvider scopes, string category)
    : ILogger
{
    // Converted to text at once, because a scope's objects may change later and its events share one text.
    public IDisposable BeginScope<TState>(TState state)
        where TState : notnull => scopes.Push(LogText.OfScope(state));

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        var open = new List<string>();
        scopes.ForEachScope((scope, list) => list.Add((string)scope!), open);
        recorder.Add(
            new RecordedEvent(
                category,
                logLevel,
                eventId,
                formatter(state, exception),
                LogText.ValuesOf(state),
                open,
                exception?.ToString()
            )
        );
    }
}
