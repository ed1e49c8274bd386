using BackupFunctions.Sweeps;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions.Timers;

/// <summary>Renews tokens of backup.net early. A run fails if a connection fails.</summary>
public sealed class RefreshBackupNet(RefreshSweep sweep)
{
    [Function(nameof(RefreshBackupNet))]
    public Task RunAsync(
        [TimerTrigger("%BackupNetRefreshSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => sweep.RunAsync("backupnet", cancellationToken);
}
