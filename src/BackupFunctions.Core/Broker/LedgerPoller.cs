using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>
/// Tells this process what the others heard: a token that was rejected at one instance, or signed out there, is not served from
/// the memory of another for longer than <see cref="Interval"/>.
/// </summary>
internal sealed class LedgerPoller(TokenBroker broker, ILedger ledger, TimeProvider time, ILogger<LedgerPoller> logger)
    : BackgroundService
{
    /// <summary>How often the others' entries are looked through.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    /// <summary>Takes over what changed.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await foreach (var (key, entry) in ledger.ReadChangedAsync(broker.Sessions.Contains, cancellationToken))
        {
            TakeOver(key, entry);
        }
    }

    /// <summary>A token that others heard to be rejected, or that was signed out there, is not handed out again here.</summary>
    private void TakeOver(ConnectionKey key, LedgerEntry entry)
    {
        if (
            broker.Sessions.Find(key) is not { Current: { } token } session
            || (entry.SignedOutAt is null && !entry.Rejected.Contains(token.Fingerprint))
        )
        {
            return;
        }

        if (entry.SignedOutAt is null)
        {
            session.RejectedElsewhere(token.Fingerprint);
        }
        else
        {
            // Whoever signs it in again ends that; a vendor may then grant the very same token.
            session.Drop();
        }

        TokenLog.RejectedElsewhere(logger, key, token.Fingerprint);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryLookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
            return;
        }
    }

    private async Task TryLookAsync(CancellationToken stoppingToken)
    {
        try
        {
            await LookAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // A fault of ours must not end the watch, and with it the host.
            TokenLog.WatchBroke(logger, exception);
        }
    }
}
