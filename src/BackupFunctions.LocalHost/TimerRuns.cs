using BackupFunctions.Sweeps;
using BackupFunctions.Vendors;

namespace BackupFunctions.LocalHost;

/// <summary>Runs sweeps, by schedule or by hand; a run that fails says so in the log, with the connections' names.</summary>
internal sealed partial class TimerRuns(
    RefreshSweep sweep,
    IHostApplicationLifetime lifetime,
    ILogger<TimerRuns> logger
)
{
    /// <summary>Starts a run and does not wait for it.</summary>
    public void Start(VendorProfile vendor) => _ = RunAsync(vendor);

    /// <summary>Runs one sweep to its end; never throws.</summary>
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

    [LoggerMessage(3001, LogLevel.Error, "Refresh{Vendor} ended as failed: {Detail}")]
    private static partial void RunFailed(ILogger logger, string vendor, string detail);
}
