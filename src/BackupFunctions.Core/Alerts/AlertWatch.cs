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
/// Tells operators when a connection breaks and when it is well again: once each per incident, whichever instance sees it. Who
/// tells claims the incident in the ledger first; what was not taken is tried again when the claim has run out.
/// </summary>
/// <param name="ledger">What all instances share.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">What became of it.</param>
/// <param name="options">Whom to tell, and when; null for nobody.</param>
/// <param name="webhook">How to tell; null for nobody.</param>
internal sealed class AlertWatch(
    ILedger ledger,
    TimeProvider time,
    ILogger<AlertWatch> logger,
    AlertOptions? options = null,
    AlertWebhook? webhook = null
) : BackgroundService, IIncidentListener
{
    /// <summary>How often it looks whether somebody must be told.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How long an instance has to tell: its attempts take 40 s at most.</summary>
    public static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(5);

    /// <summary>That a connection is well again is no news after this.</summary>
    public static readonly TimeSpan WellIsNewsFor = TimeSpan.FromHours(1);

    private const int AtOnce = 8;

    private readonly ConcurrentDictionary<ConnectionKey, DateTimeOffset> _due = new();

    public void Heard(ConnectionKey connection, LedgerEntry entry)
    {
        if (options is not null && DueAt(entry) is { } dueAt)
        {
            _due[connection] = dueAt;
        }
    }

    /// <summary>Tells what is due.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = _due.Where(one => one.Value <= now).Select(one => one.Key).ToList();
        await Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            TryLookAtAsync
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
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; another instance, or this one when it is back, tells what is left.
            return;
        }
    }

    private async ValueTask TryLookAtAsync(ConnectionKey key, CancellationToken cancellationToken)
    {
        // Taken off first: what is heard from here on puts it on again.
        _due.TryRemove(key, out _);
        try
        {
            if (await ClaimAsync(key, cancellationToken) is { } message)
            {
                await TellAsync(key, message, cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _due[key] = time.GetUtcNow() + ClaimFor;
            AlertLog.Broke(logger, key, exception);
        }
    }

    /// <summary>Takes on to tell what is due; null if nothing is, or another instance is at it.</summary>
    private async Task<AlertMessage?> ClaimAsync(ConnectionKey key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        AlertMessage? message = null;
        var seen = LedgerEntry.Empty;
        await ledger.ReadAsync(key, newest: true, cancellationToken);
        await ledger.UpdateAsync(
            key,
            entry =>
            {
                seen = entry;
                message = DueAt(entry) <= now ? MessageOf(key, entry, now) : null;
                return message is null
                    ? entry
                    : entry with
                    {
                        Incident = entry.Incident! with { ClaimedUntil = now + ClaimFor },
                    };
            },
            cancellationToken
        );
        if (message is null)
        {
            Heard(key, seen);
        }

        return message;
    }

    private async Task TellAsync(ConnectionKey key, AlertMessage message, CancellationToken cancellationToken)
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
            _due[key] = now + ClaimFor;
            AlertLog.NotTold(logger, message.Event, key, message.Incident, reason, now + ClaimFor);
            await ledger.UpdateAsync(
                key,
                entry => entry.Incident?.EndedAt + WellIsNewsFor <= now ? entry with { Incident = null } : entry,
                CancellationToken.None
            );
            return;
        }

        AlertLog.Told(logger, message.Event, key, message.Incident);
        var updated = LedgerEntry.Empty;
        await ledger.UpdateAsync(key, entry => updated = Told(key, entry, message, now), CancellationToken.None);
        Heard(key, updated);
    }

    private static LedgerEntry Told(ConnectionKey key, LedgerEntry entry, AlertMessage message, DateTimeOffset now) =>
        entry.Incident switch
        {
            null => entry,
            { } incident when incident.Id != message.Incident => entry,
            { } incident when message.Event == AlertMessage.Broken => entry with
            {
                Incident = incident with { ToldAt = now, ClaimedUntil = null },
            },

            // It failed again while operators were told that it is well: that is the next incident.
            { EndedAt: null } => entry with
            {
                Incident = Incident.AfterFailure(before: null, key, entry.LastFailureAt ?? now),
            },
            _ => entry with { Incident = null },
        };

    /// <summary>When operators are to be told something; null if they know it all.</summary>
    private DateTimeOffset? DueAt(LedgerEntry entry)
    {
        if (entry.Incident is not { } incident)
        {
            return null;
        }

        var isNeeded = incident.EndedAt is null
            ? incident.ToldAt is null && entry.LastFailure is not null
            : incident.ToldAt is not null;
        var dueAt = incident.EndedAt
            ?? (entry.LastFailure is { NeedsOperator: true } ? incident.Since : incident.Since + options!.After);
        return isNeeded ? (incident.ClaimedUntil > dueAt ? incident.ClaimedUntil : dueAt) : null;
    }

    private static AlertMessage MessageOf(ConnectionKey key, LedgerEntry entry, DateTimeOffset now) =>
        entry.Incident!.EndedAt is null
            ? AlertMessage.OfBroken(key, entry.Incident, entry.LastFailure!, now)
            : AlertMessage.OfWell(key, entry.Incident, now);
}
