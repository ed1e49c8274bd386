using System.Collections.Concurrent;

namespace BackupFunctions.Alerts;

/// <summary>
/// Keeps the groups of alerts, one for each cause. No method throws for its storage's sake: while that is away, what
/// this process knows has to do.
/// </summary>
internal interface IAlertGroups
{
    /// <summary>Changes a group, or reads it.</summary>
    /// <param name="cause">Which one.</param>
    /// <param name="change">
    /// Makes the new group, or null for none, from the newest; called again if another process was faster.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The group as it is now; null if there is none.</returns>
    ValueTask<AlertGroup?> UpdateAsync(
        AlertCause cause,
        Func<AlertGroup?, AlertGroup?> change,
        CancellationToken cancellationToken
    );
}

/// <summary>The groups of one process.</summary>
internal sealed class InMemoryAlertGroups : IAlertGroups
{
    private readonly ConcurrentDictionary<AlertCause, AlertGroup?> _groups = new();

    /// <inheritdoc/>
    public ValueTask<AlertGroup?> UpdateAsync(
        AlertCause cause,
        Func<AlertGroup?, AlertGroup?> change,
        CancellationToken cancellationToken
    ) =>
        ValueTask.FromResult(
            _groups.AddOrUpdate(
                cause,
                static (_, change) => change(null),
                static (_, group, change) => change(group),
                change
            )
        );
}
