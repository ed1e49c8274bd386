using BackupFunctions.Sweeps;

namespace BackupFunctions.LocalHost;

/// <summary>
/// Runs sweeps, on schedule or on demand. A failed run is logged with the names of the failed connections.
/// </summary>
internal sealed partial class TimerRuns(
    RefreshSweep sweep,
    IHostApplicationLifetime lifetime,
    ILogger<TimerRuns> logger
)
{
    /// <summary>Starts a run without waiting for it.</summary>
    public void Start(string timer) => _ = RunAsync(timer);

    /// <summary>Runs the sweeps of one timer; never throws.</summary>
    public async Task RunAsync(string timer)
    {
        try
        {
            await sweep.RunTimerAsync(timer, lifetime.ApplicationStopping);
        }
        catch (RefreshSweepException exception)
        {
            RunFailed(logger, timer, exception.Message);
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
    }

    [LoggerMessage(3001, LogLevel.Error, "Refresh{Timer} failed: {Detail}")]
    private static partial void RunFailed(ILogger logger, string timer, string detail);
}
