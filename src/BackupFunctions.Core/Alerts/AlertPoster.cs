using System.Collections.Concurrent;
using BackupFunctions.Connections;
using BackupFunctions.Diagnostics;
using BackupFunctions.Ledger;
using BackupFunctions.Problems;
using BackupFunctions.Settings.Alerting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Alerts;

/// <summary>
/// Posts the groups of alerts that are due. An instance claims a group before it posts; if that fails, any instance may
/// try again when the claim expires.
/// </summary>
/// <param name="ledger">The entries that all instances share.</param>
/// <param name="groups">The groups that all instances share.</param>
/// <param name="webhook">Sends the posts.</param>
/// <param name="directory">The connections that there are.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
/// <param name="options">When to post.</param>
internal sealed class AlertPoster(
    ILedger ledger,
    IAlertGroups groups,
    AlertWebhook webhook,
    ConnectionDirectory directory,
    TimeProvider time,
    ILogger<AlertPoster> logger,
    AlertOptions options
)
{
    /// <summary>How often a group is looked at, at least.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(10);

    /// <summary>A connection that is not defined here, and that no instance has tried for so long, is gone.</summary>
    private static readonly TimeSpan UntriedFor = TimeSpan.FromHours(3);

    /// <summary>When this instance looks at each group that it knows of.</summary>
    private readonly ConcurrentDictionary<AlertCause, DateTimeOffset> _looks = new();

    /// <summary>Looks at a group soon, unless it is known here already.</summary>
    public void Watch(AlertCause cause) => _looks.TryAdd(cause, DateTimeOffset.MinValue);

    /// <summary>
    /// Looks at a group when its next post is due, and now and then: the instance that changed it may be gone.
    /// </summary>
    public void Schedule(AlertCause cause, AlertGroup? group)
    {
        var latest = time.GetUtcNow() + LookInterval;
        var next = group is null ? null : GroupRules.NextPost(group, options.RemindAfter) ?? group.ClaimedUntil;
        _looks[cause] = next < latest ? next.Value : latest;
    }

    /// <summary>Takes connections out of a group that it is no longer about.</summary>
    public async Task TakeOutAsync(AlertCause cause, IEnumerable<string> connections)
    {
        var (gone, now) = (connections.ToHashSet(StringComparer.Ordinal), time.GetUtcNow());
        if (gone.Count > 0)
        {
            Schedule(
                cause,
                await groups.UpdateAsync(cause, group => GroupRules.Without(group, gone, now), CancellationToken.None)
            );
        }
    }

    /// <summary>Posts what is due.</summary>
    public async Task PostDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = _looks.Where(look => look.Value <= now).Select(look => look.Key).ToList();
        await Parallel.ForEachAsync(due, cancellationToken, TryPostAsync);
    }

    private async ValueTask TryPostAsync(AlertCause cause, CancellationToken cancellationToken)
    {
        try
        {
            var (group, claimed) = await ClaimAsync(cause, cancellationToken);
            Schedule(cause, claimed is null ? group : await PostAsync(cause, claimed, cancellationToken));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _looks[cause] = time.GetUtcNow() + GroupRules.ClaimFor;
            AlertLog.Broke(logger, cause.ToString(), exception);
        }
    }

    /// <summary>Claims a group whose post is due; null if none is, or another instance has claimed it.</summary>
    private async Task<(AlertGroup? Group, AlertGroup? Claimed)> ClaimAsync(
        AlertCause cause,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var group = await groups.UpdateAsync(cause, before => Tidied(before, now), cancellationToken);
        if (!IsDue(group, now))
        {
            return (group, null);
        }

        var keys = group!.Members.Select(member => cause.KeyOf(member.Connection)).ToList();
        var entries = await ledger.ReadAllAsync(keys, cancellationToken);
        var gone = group
            .Members.Where(member => IsGone(cause, member, entries[cause.KeyOf(member.Connection)]))
            .Select(member => member.Connection)
            .ToHashSet(StringComparer.Ordinal);
        AlertGroup? claimed = null;
        group = await groups.UpdateAsync(cause, Claim, cancellationToken);
        return (group, claimed);

        AlertGroup? Claim(AlertGroup? before)
        {
            claimed = null;
            var tidied = Tidied(GroupRules.Without(before, gone, now), now);
            if (!IsDue(tidied, now))
            {
                return tidied;
            }

            var first = tidied!.Failing.FirstOrDefault()?.Connection;
            var failure = first is null ? null : entries.GetValueOrDefault(cause.KeyOf(first))?.LastFailure;
            claimed = tidied with
            {
                ClaimedUntil = now + GroupRules.ClaimFor,
                Detail = failure?.Detail ?? tidied.Detail,
            };
            return claimed;
        }
    }

    private bool IsDue(AlertGroup? group, DateTimeOffset now) =>
        group is not null && GroupRules.NextPost(group, options.RemindAfter) <= now;

    private static AlertGroup? Tidied(AlertGroup? group, DateTimeOffset now) =>
        group is null ? null : GroupRules.Tidied(group, now);

    /// <summary>
    /// Whether nobody is to be told of a connection any more: it is silenced, signed out, no longer defined, or not
    /// broken.
    /// </summary>
    private bool IsGone(AlertCause cause, GroupMember member, LedgerEntry entry)
    {
        var (key, now) = (cause.KeyOf(member.Connection), time.GetUtcNow());
        if (options.Silence.UntilOf(key) > now)
        {
            return true;
        }

        if (member.EndedAt is not null || entry.IsAlone)
        {
            return false;
        }

        var isDefined =
            directory.FindVendor(cause.Vendor) is { } vendor && directory.Find(vendor, key.Connection) is not null;
        return entry.SignedOutAt is not null
            || entry.Incident?.Group != cause.ToString()
            || (!isDefined && entry.LastFailureAt + UntriedFor < now);
    }

    private async Task<AlertGroup?> PostAsync(AlertCause cause, AlertGroup claimed, CancellationToken cancellationToken)
    {
        var message = AlertMessage.Of(cause, claimed, options.AppUrl, time.GetUtcNow());
        var reason = (await webhook.SendAsync(message, cancellationToken)).Problem;
        var now = time.GetUtcNow();
        Instruments.AlertMessageCounter.Add(
            1,
            new("kind", message.Event),
            new("outcome", reason is null ? OutcomeName.Ok : "failed")
        );
        if (reason is null)
        {
            AlertLog.Told(logger, message.Event, message.Subject, message.Incident);
            return await groups.UpdateAsync(
                cause,
                group => GroupRules.AfterPosted(group, claimed, now),
                CancellationToken.None
            );
        }

        AlertLog.NotTold(logger, message.Event, message.Subject, message.Incident, reason, claimed.ClaimedUntil!.Value);
        return await groups.UpdateAsync(cause, group => GroupRules.AfterNotPosted(group, now), CancellationToken.None);
    }
}
