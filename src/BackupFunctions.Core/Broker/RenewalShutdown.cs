using Microsoft.Extensions.Hosting;

namespace BackupFunctions.Broker;

/// <summary>Lets the host wait, when it stops, for the renewals and saves under way.</summary>
internal sealed class RenewalShutdown(TokenBroker broker) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => broker.DrainAsync(cancellationToken);
}
