using BackupFunctions.Sweeps;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions.Timers;

/// <summary>Renews tokens of the Acronis CyberApp API early. A run fails if a connection fails.</summary>
public sealed class RefreshAcronisCyberApp(RefreshSweep sweep)
{
    [Function(nameof(RefreshAcronisCyberApp))]
    public Task RunAsync(
        [TimerTrigger("%AcronisCyberAppRefreshSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => sweep.RunAsync("acronis-cyberapp", cancellationToken);
}
