using System.Collections.Concurrent;
using BackupFunctions.Connections;
using BackupFunctions.Diagnostics;
using BackupFunctions.Ledger;
using BackupFunctions.Problems;
using BackupFunctions.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Alerts;

/// <summary>
/// Alerts operators when a connection breaks and when it recovers: once each per incident, whichever instance
/// notices. An instance claims the incident in the ledger before it sends the alert; if that fails, any instance may
/// retry when the claim expires.
/// </summary>
/// <param name="ledger">The entries that all instances share.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
/// <param name="options">When to alert; null for never.</param>
/// <param name="webhook">Sends the alerts; null if they are never sent.</param>
internal sealed class AlertDispatcher(
    ILedger ledger,
    TimeProvider time,
    ILogger<AlertDispatcher> logger,
    AlertOptions? options = null,
    AlertWebhook? webhook = null
) : BackgroundService, IIncidentListener
{
    /// <summary>How often due alerts are looked for.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How long an instance has to send an alert: its attempts take at most 40 s.</summary>
    public static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(5);

    private const int MostAtOnce = 8;

    private readonly ConcurrentDictionary<ConnectionKey, DateTimeOffset> _due = new();

    public void Heard(ConnectionKey connection, LedgerEntry entry)
    {
        if (options is not null && AlertRules.DueAt(entry, options.After) is { } dueAt)
        {
            _due[connection] = dueAt;
        }
    }

    /// <summary>Sends the alerts that are due.</summary>
    internal async Task SendDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = _due.Where(one => one.Value <= now).Select(one => one.Key).ToList();
        await Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken },
            TrySendAsync
        );
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SendDueAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping; another instance, or this one after a restart, sends what is left.
            return;
        }
    }

    private async ValueTask TrySendAsync(ConnectionKey connection, CancellationToken cancellationToken)
    {
        // Removed first: whatever is heard from here on adds it again.
        _due.TryRemove(connection, out _);
        try
        {
            if (await ClaimAsync(connection, cancellationToken) is { } message)
            {
                await SendAsync(connection, message, cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _due[connection] = time.GetUtcNow() + ClaimFor;
            AlertLog.Broke(logger, connection, exception);
        }
    }

    /// <summary>Claims the alert that is due; null if none is, or another instance has claimed it.</summary>
    private async Task<AlertMessage?> ClaimAsync(ConnectionKey connection, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        AlertMessage? message = null;
        var seen = LedgerEntry.Empty;
        await ledger.ReadAsync(connection, newest: true, cancellationToken);
        await ledger.UpdateAsync(connection, Claim, cancellationToken);
        if (message is null)
        {
            Heard(connection, seen);
        }

        return message;

        LedgerEntry Claim(LedgerEntry entry)
        {
            seen = entry;
            var dueAt = AlertRules.DueAt(entry, options!.After);
            if (dueAt is null || dueAt > now)
            {
                message = null;
                return entry;
            }

            message = AlertRules.MessageOf(connection, entry, now);
            return entry with { Incident = entry.Incident! with { ClaimedUntil = now + ClaimFor } };
        }
    }

    private async Task SendAsync(ConnectionKey connection, AlertMessage message, CancellationToken cancellationToken)
    {
        var reason = await webhook!.SendAsync(message, cancellationToken);
        var now = time.GetUtcNow();
        Instruments.AlertMessageCounter.Add(
            1,
            new("kind", message.Event),
            new("outcome", reason is null ? OutcomeName.Ok : "failed")
        );
        if (reason is not null)
        {
            _due[connection] = now + ClaimFor;
            AlertLog.NotTold(logger, message.Event, connection, message.Incident, reason, now + ClaimFor);
            await ledger.UpdateAsync(connection, entry => AlertRules.AfterNotSent(entry, now), CancellationToken.None);
            return;
        }

        AlertLog.Told(logger, message.Event, connection, message.Incident);
        var updated = LedgerEntry.Empty;
        await ledger.UpdateAsync(
            connection,
            entry => updated = AlertRules.AfterSent(connection, entry, message, now),
            CancellationToken.None
        );
        Heard(connection, updated);
    }
}
