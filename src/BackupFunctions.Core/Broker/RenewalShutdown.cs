using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Broker;

/// <summary>
/// Lets the host wait, when it stops, for the renewals and saves under way. A vault that is unavailable is asked again
/// for as long as the host grants: a refresh token that is in memory only is lost with the process.
/// </summary>
internal sealed class RenewalShutdown(TokenBroker broker, IOptions<HostOptions> host) : IHostedService
{
    /// <summary>What the last try may take, within the time that the host grants.</summary>
    private static readonly TimeSpan LastTry = TimeSpan.FromSeconds(5);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) =>
        broker.DrainAsync(host.Value.ShutdownTimeout - LastTry, cancellationToken);
}
