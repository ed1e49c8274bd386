using BackupFunctions.Sweeps;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Renews early what backup.net has granted; a run in which a connection failed ends as failed.</summary>
public sealed class RefreshBackupNet(RefreshSweep sweep)
{
    [Function(nameof(RefreshBackupNet))]
    public Task RunAsync(
        [TimerTrigger("%BackupNetRefreshSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => sweep.RunAsync("backupnet", cancellationToken);
}
