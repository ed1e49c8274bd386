using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Sweeps;

namespace BackupFunctions.LocalHost;

/// <summary>Runs sweeps on their NCRONTAB schedules, as the timer triggers of the Functions app do.</summary>
internal sealed class RefreshTimers(
    ConnectionDirectory directory,
    SweepSettings settings,
    TimerRuns runs,
    HostClock clock
) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            directory
                .Vendors.DistinctBy(vendor => vendor.TimerName)
                .Select(vendor => TickAsync(vendor.TimerName, settings.ScheduleOf(vendor), stoppingToken))
        );

    private async Task TickAsync(string timer, RefreshSchedule schedule, CancellationToken stoppingToken)
    {
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
                await runs.RunAsync(timer);
            }
        }
    }

    /// <summary>A system timer runs for at most 49 days; a schedule may be yearly.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(30);
}
