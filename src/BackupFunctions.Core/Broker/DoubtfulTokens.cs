using BackupFunctions.Clocks;
using BackupFunctions.State;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.Broker;

/// <summary>
/// Forgets tokens whose expiry may be too late, because our clock was ahead when it was read: it is set back now.
/// </summary>
internal sealed class DoubtfulTokens(HostClock clock, ConnectionStates states, TenantTokens tenants) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        clock.OnCorrection(
            (rightUpTo, by) =>
            {
                if (by < TimeSpan.Zero)
                {
                    states.SetBack(rightUpTo, -by);
                    tenants.DropIssuedAfter(rightUpTo);
                }
            }
        );
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
