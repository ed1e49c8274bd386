using Microsoft.Extensions.Logging;

namespace BackupFunctions.Simulation;

/// <summary>What an instance logs: searched for secrets, for what must not happen, and part of a trace.</summary>
internal sealed class InstanceLogs(World world, Instance instance) : ILoggerFactory, ILogger
{
    /// <summary>Events 1012, 1016 and 1017 say that something broke off that nobody foresaw.</summary>
    private static readonly HashSet<int> Unforeseen = [1012, 1016, 1017];

    private const int Renewed = 1001;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        var text = formatter(state, exception);
        if (world.IsTraced)
        {
            world.Tell($"{instance.Name} log {eventId.Id}: {text}");
        }

        if (eventId.Id == Renewed)
        {
            world.Figures.Renewals++;
        }

        if (Unforeseen.Contains(eventId.Id))
        {
            world.Checks.Violated($"{instance.Name} logged {eventId.Id}: {text} {exception}");
        }

        world.Checks.Logged(text);
    }

    public void Dispose() { }
}
