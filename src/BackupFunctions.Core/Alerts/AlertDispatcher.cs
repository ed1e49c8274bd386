using System.Collections.Concurrent;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Settings.Alerting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Alerts;

/// <summary>
/// Hears of connections that break and recover, and hands them to the group of their cause, which the instances share.
/// <see cref="AlertPoster"/> posts the groups: once each, whichever instance notices.
/// </summary>
/// <param name="ledger">The entries that all instances share.</param>
/// <param name="groups">The groups that all instances share.</param>
/// <param name="poster">Posts the groups that are due.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
/// <param name="options">When to alert; null for never.</param>
internal sealed class AlertDispatcher(
    ILedger ledger,
    IAlertGroups groups,
    AlertPoster? poster,
    TimeProvider time,
    ILogger<AlertDispatcher> logger,
    AlertOptions? options = null
) : BackgroundService, IIncidentListener
{
    /// <summary>How often is looked for what is due.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>When a step that failed is taken again.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(5);

    private const int MostAtOnce = 8;

    private readonly ConcurrentDictionary<ConnectionKey, DateTimeOffset> _due = new();

    /// <inheritdoc/>
    public void Heard(ConnectionKey connection, LedgerEntry entry)
    {
        if (options is null)
        {
            return;
        }

        if (StepOf(connection, entry, time.GetUtcNow()) is { } step)
        {
            _due[connection] = step.DueAt;
        }
        else if (entry.Incident is { EndedAt: null } && AlertCause.TryParse(entry.Incident.Group) is { } cause)
        {
            // Whoever made the group may be gone: this instance posts it too, when it is due.
            poster!.Watch(cause);
        }
    }

    /// <summary>Takes the steps that are due, and posts the groups that are.</summary>
    internal async Task SendDueAsync(CancellationToken cancellationToken)
    {
        if (options is null)
        {
            return;
        }

        var now = time.GetUtcNow();
        var found = new ConcurrentBag<DueConnection>();
        var due = _due.Where(one => one.Value <= now).Select(one => one.Key).ToList();
        await ForEachAsync(
            due,
            connection => connection,
            async (connection, token) =>
            {
                // Removed first: whatever is heard from here on adds it again.
                _due.TryRemove(connection, out _);
                var entry = await ledger.ReadAsync(connection, newest: true, token);
                if (StepOf(connection, entry, now) is { } step && step.DueAt <= now)
                {
                    found.Add(new DueConnection(connection, entry, step.Action));
                }
                else
                {
                    Heard(connection, entry);
                }
            },
            cancellationToken
        );
        foreach (var ofCause in found.GroupBy(one => one.Cause))
        {
            await TryChangeAsync(ofCause.Key, [.. ofCause.Order(DueConnection.Earlier)], cancellationToken);
        }

        await poster!.PostDueAsync(cancellationToken);
    }

    /// <inheritdoc/>
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

    private AlertStep? StepOf(ConnectionKey connection, LedgerEntry entry, DateTimeOffset now) =>
        AlertRules.NextStep(entry, options!.After, options.Silence.UntilOf(connection), now);

    /// <summary>Changes a group once for all connections of a cause, then the entry of each.</summary>
    private async Task TryChangeAsync(
        AlertCause cause,
        IReadOnlyList<DueConnection> due,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        try
        {
            poster!.Schedule(
                cause,
                await groups.UpdateAsync(cause, group => DueConnection.Changed(group, due, now), cancellationToken)
            );
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            foreach (var one in due)
            {
                _due[one.Key] = now + RetryAfter;
            }

            AlertLog.Broke(logger, cause.ToString(), exception);
            return;
        }

        var wellMeanwhile = new ConcurrentBag<string>();
        await ForEachAsync(
            due,
            one => one.Key,
            async (one, _) =>
            {
                var updated = LedgerEntry.Empty;
                await ledger.UpdateAsync(
                    one.Key,
                    entry => updated = one.ChangedEntry(entry, cause, now),
                    CancellationToken.None
                );
                Heard(one.Key, updated);
                if (one.Action == AlertAction.Join && updated.Incident?.Group != cause.ToString())
                {
                    wellMeanwhile.Add(one.Key.Connection);
                }
            },
            cancellationToken
        );
        await poster.TakeOutAsync(cause, wellMeanwhile);
        foreach (var left in due.Where(one => one.LeftCause is not null).GroupBy(one => one.LeftCause!.Value))
        {
            await poster.TakeOutAsync(left.Key, left.Select(one => one.Key.Connection));
        }
    }

    private async Task ForEachAsync<T>(
        IReadOnlyList<T> all,
        Func<T, ConnectionKey> keyOf,
        Func<T, CancellationToken, ValueTask> run,
        CancellationToken cancellationToken
    )
    {
        var limits = new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(all, limits, async (one, token) =>
        {
            try
            {
                await run(one, token);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                _due[keyOf(one)] = time.GetUtcNow() + RetryAfter;
                AlertLog.Broke(logger, keyOf(one).ToString(), exception);
            }
        });
    }
}
