using Microsoft.Extensions.Hosting;

namespace BackupFunctions.Connections;

/// <summary>Reads connections from their source as long as the host runs. The start does not wait for it.</summary>
internal sealed class ConnectionReloadService(ConnectionReloader reloader, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ConnectionReloader.Interval, time);
        try
        {
            do
            {
                await reloader.EnsureReadAsync(TimeSpan.Zero, stoppingToken);
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
    }
}
