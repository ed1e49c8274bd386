using BackupFunctions.Sweeps;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions.Timers;

/// <summary>Renews tokens of Acronis Cyber Protect Cloud early. A run fails if a connection fails.</summary>
public sealed class RefreshAcronis(RefreshSweep sweep)
{
    [Function(nameof(RefreshAcronis))]
    public Task RunAsync(
        [TimerTrigger("%AcronisRefreshSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => sweep.RunAsync("acronis", cancellationToken);
}
