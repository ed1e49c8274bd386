using BackupFunctions.Sweeps;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Renews early what Acronis Cyber Protect Cloud has granted; a run in which a connection failed ends as failed.</summary>
public sealed class RefreshAcronis(RefreshSweep sweep)
{
    [Function(nameof(RefreshAcronis))]
    public Task RunAsync(
        [TimerTrigger("%AcronisRefreshSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => sweep.RunAsync("acronis", cancellationToken);
}
