using Microsoft.Extensions.Logging;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>Runs the steps of a check in parallel, each within a time limit.</summary>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives unexpected exceptions.</param>
/// <param name="progress">Receives a report whenever a step starts or ends, on any thread; may be null.</param>
/// <param name="stepTimeout">How long one step may take, so that a server that hangs delays no other step.</param>
/// <param name="concurrency">How many steps run at once.</param>
internal sealed class StepRunner(
    TimeProvider time,
    ILogger logger,
    IProgress<CheckProgress>? progress,
    TimeSpan stepTimeout,
    int concurrency = 16
) : IDisposable
{
    /// <summary>No step starts after this. The load balancer of Azure Functions drops a request after 230 s.</summary>
    public static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(200);

    private readonly long _startedAt = time.GetTimestamp();
    private readonly SemaphoreSlim _slots = new(concurrency);
    private readonly Dictionary<CheckGroup, CheckProgress> _groups = [];

    /// <summary>Runs steps and returns their findings in the order of the steps.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<IReadOnlyList<(CheckGroup Group, Finding Finding)>> RunAsync(
        IReadOnlyList<CheckStep> steps,
        CancellationToken cancellationToken
    )
    {
        foreach (var group in steps.GroupBy(step => step.Group))
        {
            Report(group.Key, state => state with { Planned = state.Planned + group.Count() });
        }

        var found = await Task.WhenAll(steps.Select(step => RunAsync(step, cancellationToken)));
        return [.. steps.Zip(found).SelectMany(pair => pair.Second.Select(finding => (pair.First.Group, finding)))];
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private async Task<IReadOnlyList<Finding>> RunAsync(CheckStep step, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            Report(step.Group, state => state with { Running = [.. state.Running, step.Subject] });
            var findings = IsOutOfTime ? TooLate(step) : await CheckAsync(step, cancellationToken);
            Report(step.Group, state => state.WithEnded(step.Subject, findings));
            return findings;
        }
        finally
        {
            _slots.Release();
        }
    }

    private bool IsOutOfTime => time.GetElapsedTime(_startedAt) > TotalTimeout;

    private static IReadOnlyList<Finding> TooLate(CheckStep step) =>
        [
            new Finding(
                OutOfTime,
                step.Subject,
                $"Not checked, because the whole check took more than {TotalTimeout.TotalSeconds:0} s.",
                "Check one vendor or one connection at a time."
            ),
        ];

    private async Task<IReadOnlyList<Finding>> CheckAsync(CheckStep step, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(stepTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // A step that ignores cancellation is abandoned. It must not run on this thread, which starts the others.
            return await Task.Run(() => step.RunAsync(linked.Token), linked.Token).WaitAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [step.Unfinished];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            CheckLog.Failed(logger, step.Group, step.Subject, exception);
            return
            [
                new Finding(
                    CheckBroke,
                    step.Subject,
                    $"This check failed unexpectedly ({exception.GetType().Name}).",
                    "The exception is in the log, event 1202. Please report it."
                ),
            ];
        }
    }

    private void Report(CheckGroup group, Func<CheckProgress, CheckProgress> change)
    {
        if (progress is null)
        {
            return;
        }

        lock (_groups)
        {
            var state = change(_groups.GetValueOrDefault(group) ?? new CheckProgress(group));
            _groups[group] = state;
            progress.Report(state);
        }
    }
}

/// <summary>One thing to check.</summary>
/// <param name="Group">The group of its findings.</param>
/// <param name="Unfinished">The finding if it takes too long; its subject is the step's.</param>
/// <param name="RunAsync">Returns the findings; any exception but a cancellation is a bug.</param>
internal sealed record CheckStep(
    CheckGroup Group,
    Finding Unfinished,
    Func<CancellationToken, Task<IReadOnlyList<Finding>>> RunAsync
)
{
    public string Subject => Unfinished.Subject;

    /// <summary>A step whose findings are known without a check.</summary>
    public static CheckStep Known(CheckGroup group, params IReadOnlyList<Finding> findings) =>
        new(group, findings[0], _ => Task.FromResult(findings));
}

/// <summary>The progress of one group of a check.</summary>
/// <param name="Group">The group.</param>
public sealed record CheckProgress(CheckGroup Group)
{
    /// <summary>The number of steps known so far.</summary>
    public int Planned { get; init; }

    /// <summary>The number of steps that have ended.</summary>
    public int Ended { get; init; }

    /// <summary>The worst level found so far; null before the first finding.</summary>
    public FindingLevel? Level { get; init; }

    /// <summary>The subjects being checked, oldest first.</summary>
    public IReadOnlyList<string> Running { get; init; } = [];

    internal CheckProgress WithEnded(string subject, IReadOnlyList<Finding> findings) =>
        this with
        {
            Ended = Ended + 1,
            Level = findings.Select(finding => (FindingLevel?)finding.Type.Level).Append(Level).Max(),
            Running = [.. Running.Where(running => running != subject)],
        };
}
