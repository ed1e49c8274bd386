using BackupFunctions.Sweeps;
using BackupFunctions.Vendors;

namespace BackupFunctions.LocalHost;

/// <summary>
/// Runs sweeps, on schedule or on demand. A failed run is logged with the names of the failed connections.
/// </summary>
internal sealed partial class TimerRuns(
    RefreshSweep sweep,
    IHostApplicationLifetime lifetime,
    ILogger<TimerRuns> logger
)
{
    /// <summary>Starts a run without waiting for it.</summary>
    public void Start(VendorProfile vendor) => _ = RunAsync(vendor);

    /// <summary>Runs one sweep; never throws.</summary>
    public async Task RunAsync(VendorProfile vendor)
    {
        try
        {
            await sweep.RunAsync(vendor.Name, lifetime.ApplicationStopping);
        }
        catch (RefreshSweepException exception)
        {
            RunFailed(logger, vendor.SettingsName, exception.Message);
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
    }

    [LoggerMessage(3001, LogLevel.Error, "Refresh{Vendor} failed: {Detail}")]
    private static partial void RunFailed(ILogger logger, string vendor, string detail);
}
