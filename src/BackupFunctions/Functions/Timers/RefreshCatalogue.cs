using BackupFunctions.Sweeps;
using BackupFunctions.Vendors;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions.Timers;

/// <summary>
/// Renews tokens of every vendor without a timer of its own, early. A run fails if a connection fails.
/// </summary>
public sealed class RefreshCatalogue(RefreshSweep sweep)
{
    [Function(nameof(RefreshCatalogue))]
    public Task RunAsync(
        [TimerTrigger("%CatalogueRefreshSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => sweep.RunTimerAsync(VendorProfile.CatalogueTimer, cancellationToken);
}
