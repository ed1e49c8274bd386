using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.Broker;

/// <summary>
/// Reads connections from their source as long as the host runs, and lets go of what is kept for those that are gone. The start
/// does not wait for it.
/// </summary>
internal sealed class ConnectionReloadService(
    ConnectionReloader news,
    ConnectionDirectory directory,
    TokenBroker broker,
    ICredentialSource credentials,
    TimeProvider time
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        directory.OnGone = Forget;
        using var timer = new PeriodicTimer(ConnectionReloader.Interval, time);
        try
        {
            do
            {
                await news.EnsureReadAsync(TimeSpan.Zero, stoppingToken);
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
    }

    private void Forget(IReadOnlyList<VendorConnection> gone)
    {
        foreach (var target in gone)
        {
            if (directory.Find(target.Vendor, target.Connection.Key.Connection) is null)
            {
                broker.Sessions.Forget(target);
            }

            foreach (var credential in target.Connection.Credentials)
            {
                credentials.Forget(credential);
            }
        }
    }
}
