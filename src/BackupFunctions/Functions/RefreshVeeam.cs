using BackupFunctions.Sweeps;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Renews early what Veeam Backup for Microsoft Azure has granted; a run in which a connection failed ends as failed.</summary>
public sealed class RefreshVeeam(RefreshSweep sweep)
{
    [Function(nameof(RefreshVeeam))]
    public Task RunAsync(
        [TimerTrigger("%VeeamRefreshSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => sweep.RunAsync("veeam", cancellationToken);
}
