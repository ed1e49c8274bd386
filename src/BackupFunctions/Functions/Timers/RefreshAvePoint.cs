using BackupFunctions.Sweeps;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions.Timers;

/// <summary>Renews tokens of AvePoint early. A run fails if a connection fails.</summary>
public sealed class RefreshAvePoint(RefreshSweep sweep)
{
    [Function(nameof(RefreshAvePoint))]
    public Task RunAsync(
        [TimerTrigger("%AvePointRefreshSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => sweep.RunAsync("avepoint", cancellationToken);
}
