using Microsoft.Extensions.Logging;

namespace BackupFunctions.Check;

/// <summary>
/// Runs the steps of one check: some at once, each within its time, and puts what they find into the order of the steps.
/// </summary>
internal sealed class StepRunner(
    CheckLimits limits,
    TimeProvider time,
    ILogger logger,
    IProgress<CheckProgress>? progress
) : IDisposable
{
    private readonly long _begun = time.GetTimestamp();
    private readonly SemaphoreSlim _room = new(limits.AtOnce);
    private readonly Dictionary<CheckGroup, GroupProgress> _groups = [];

    /// <summary>Runs steps.</summary>
    /// <returns>The findings of each, in the order of the steps.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<IReadOnlyList<(CheckStep Step, IReadOnlyList<Finding> Findings)>> RunAsync(
        IReadOnlyList<CheckStep> steps,
        CancellationToken cancellationToken
    )
    {
        foreach (var group in steps.GroupBy(step => step.Group))
        {
            Report(group.Key, state => state.Planned += group.Count());
        }

        return await Task.WhenAll(steps.Select(async step => (step, await RunAsync(step, cancellationToken))));
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();

    private async Task<IReadOnlyList<Finding>> RunAsync(CheckStep step, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            Report(step.Group, state => state.Running.Add(step.Subject));
            var findings =
                time.GetElapsedTime(_begun) > limits.Whole
                    ?
                    [
                        new Finding(
                            FindingType.OutOfTime,
                            step.Subject,
                            $"Not looked at, because the whole check took more than {limits.Whole.TotalSeconds:0} s.",
                            new("Check one vendor, or one connection, at a time.")
                        ),
                    ]
                    : await LookAsync(step, cancellationToken);
            Report(step.Group, state => state.End(step.Subject, findings));
            return findings;
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task<IReadOnlyList<Finding>> LookAsync(CheckStep step, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(limits.Step, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // What does not heed the cancellation is not waited for either. It must not begin on this thread, which begins the others.
            return await Task.Run(() => step.RunAsync(ended.Token), ended.Token).WaitAsync(ended.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [step.Unfinished];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            CheckLog.Broke(logger, step.Group, step.Subject, exception);
            return
            [
                new Finding(
                    FindingType.CheckBroke,
                    step.Subject,
                    $"This check broke off unexpectedly ({exception.GetType().Name}).",
                    new("The log has the exception, event 1202. Please report it.")
                ),
            ];
        }
    }

    private void Report(CheckGroup group, Action<GroupProgress> change)
    {
        if (progress is null)
        {
            return;
        }

        lock (_groups)
        {
            if (!_groups.TryGetValue(group, out var state))
            {
                state = _groups[group] = new GroupProgress();
            }

            change(state);
            progress.Report(new CheckProgress(group, state.Planned, state.Ended, state.Level, [.. state.Running]));
        }
    }

    private sealed class GroupProgress
    {
        public int Planned { get; set; }

        public int Ended { get; private set; }

        public FindingLevel? Level { get; private set; }

        public List<string> Running { get; } = [];

        public void End(string subject, IReadOnlyList<Finding> findings)
        {
            Running.Remove(subject);
            Ended++;
            foreach (var finding in findings)
            {
                Level = Level is { } worst && worst >= finding.Type.Level ? worst : finding.Type.Level;
            }
        }
    }
}
