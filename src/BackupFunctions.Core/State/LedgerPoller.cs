using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.State;

/// <summary>
/// Learns from the ledger what other processes recorded: a token that was rejected at one instance, or signed out
/// there, is served from the memory of another for no longer than <see cref="Interval"/>.
/// </summary>
internal sealed class LedgerPoller(
    ConnectionStates states,
    ILedger ledger,
    TimeProvider time,
    ILogger<LedgerPoller> logger
) : BackgroundService
{
    /// <summary>How often changed entries are read.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    /// <summary>Takes over what changed.</summary>
    public async Task PollAsync(CancellationToken cancellationToken)
    {
        await foreach (var (key, entry) in ledger.ReadChangedAsync(states.Contains, cancellationToken))
        {
            TakeOver(key, entry);
        }
    }

    /// <summary>A token that another process knows to be rejected, or signed out, is not served again here.</summary>
    private void TakeOver(ConnectionKey key, LedgerEntry entry)
    {
        if (
            states.Find(key) is not { Current: { } token } state
            || (entry.SignedOutAt is null && !entry.Rejected.Contains(token.Fingerprint))
        )
        {
            return;
        }

        if (entry.SignedOutAt is null)
        {
            state.RejectedElsewhere(token.Fingerprint);
        }
        else
        {
            // Only until an operator signs it in again: the vendor may then grant the very same token.
            state.Drop();
        }

        StateLog.RejectedElsewhere(logger, key, token.Fingerprint);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryPollAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
            return;
        }
    }

    private async Task TryPollAsync(CancellationToken stoppingToken)
    {
        try
        {
            await PollAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // Our own fault must not end the polling, and with it the host.
            StateLog.PollingFailed(logger, exception);
        }
    }
}
