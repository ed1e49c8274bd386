using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Sweeps;
using BackupFunctions.Vendors;

namespace BackupFunctions.LocalHost;

/// <summary>Runs each vendor's sweep on its NCRONTAB schedule, as the timer triggers of the Functions app do.</summary>
internal sealed class RefreshTimers(
    ConnectionDirectory directory,
    SweepSettings settings,
    TimerRuns runs,
    HostClock clock
) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(directory.Vendors.Select(vendor => TickAsync(vendor, stoppingToken)));

    private async Task TickAsync(VendorProfile vendor, CancellationToken stoppingToken)
    {
        var schedule = settings.ScheduleOf(vendor);
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = clock.ToHost(clock.GetUtcNow());
            var wait = schedule.NextAfter(now) - now;
            if (wait > LongestTimer)
            {
                await Task.Delay(LongestTimer, clock, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            await Task.Delay(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
            {
                await runs.RunAsync(vendor);
            }
        }
    }

    /// <summary>A system timer runs for at most 49 days; a schedule may be yearly.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(30);
}
