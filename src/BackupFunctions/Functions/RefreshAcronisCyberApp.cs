using BackupFunctions.Sweeps;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Renews early what the Acronis CyberApp API has granted; a run in which a connection failed ends as failed.</summary>
public sealed class RefreshAcronisCyberApp(RefreshSweep sweep)
{
    [Function(nameof(RefreshAcronisCyberApp))]
    public Task RunAsync(
        [TimerTrigger("%AcronisCyberAppRefreshSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => sweep.RunAsync("acronis-cyberapp", cancellationToken);
}
