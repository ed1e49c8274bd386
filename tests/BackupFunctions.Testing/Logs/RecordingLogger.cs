using Microsoft.Extensions.Logging;

namespace BackupFunctions.Testing;

internal sealed class RecordingLogger(LogRecorder recorder, LoggerExternalScopeProvider scopes, string category)
    : ILogger
{
    // In text at once: a scope's objects may be gone or changed later, and its events then share one text.
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
