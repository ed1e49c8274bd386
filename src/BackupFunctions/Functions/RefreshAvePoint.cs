using BackupFunctions.Sweeps;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Renews early what AvePoint has granted; a run in which a connection failed ends as failed.</summary>
public sealed class RefreshAvePoint(RefreshSweep sweep)
{
    [Function(nameof(RefreshAvePoint))]
    public Task RunAsync(
        [TimerTrigger("%AvePointRefreshSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => sweep.RunAsync("avepoint", cancellationToken);
}
