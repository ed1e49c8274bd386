using BackupFunctions.Clocks;
using BackupFunctions.Ledger;
using BackupFunctions.State;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.Broker;

/// <summary>
/// Forgets tokens whose expiry may be too late, because our clock was ahead when it was read: it is set back now. Waits
/// that were counted by it end earlier.
/// </summary>
internal sealed class DoubtfulTokens(HostClock clock, ConnectionStates states, TenantTokens tenants, ILedger ledger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        clock.OnCorrection(
            (rightUpTo, by) =>
            {
                if (by < TimeSpan.Zero)
                {
                    foreach (var key in states.SetBack(rightUpTo, -by))
                    {
                        // Nobody waits for it, and a failure is the ledger's own to report.
                        _ = ledger
                            .UpdateAsync(key, entry => entry.SetBack(rightUpTo, -by), CancellationToken.None)
                            .AsTask();
                    }

                    tenants.DropIssuedAfter(rightUpTo);
                }
            }
        );
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
