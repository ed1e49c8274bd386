using BackupFunctions.Sweeps;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions.Timers;

/// <summary>Renews tokens of Veeam Backup for Microsoft Azure early. A run fails if a connection fails.</summary>
public sealed class RefreshVeeam(RefreshSweep sweep)
{
    [Function(nameof(RefreshVeeam))]
    public Task RunAsync(
        [TimerTrigger("%VeeamRefreshSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => sweep.RunAsync("veeam", cancellationToken);
}
