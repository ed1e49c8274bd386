using Microsoft.Extensions.Logging;

namespace BackupFunctions.Check;

/// <summary>Checks everything that a token depends on. Whatever is wrong becomes a finding, not an exception.</summary>
public sealed class CheckRunner
{
    private readonly CheckPlan _plan;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal CheckRunner(CheckPlan plan, TimeProvider time, ILogger<CheckRunner> logger) =>
        (_plan, _time, _logger) = (plan, time, logger);

    /// <summary>How long one step may take.</summary>
    internal TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Runs a check.</summary>
    /// <param name="request">What to check.</param>
    /// <param name="progress">Receives a report whenever a step starts or ends, on any thread; may be null.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<CheckReport> RunAsync(
        CheckRequest request,
        IProgress<CheckProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var (checkedAt, startedAt) = (_time.GetUtcNow(), _time.GetTimestamp());
        using var runner = new StepRunner(_time, _logger, progress, StepTimeout);

        // Three rounds: the first reads the connections that the second checks, and no sign-in is attempted that would
        // fail anyway, because it would count as a refusal.
        var found = new List<(CheckGroup Group, Finding Finding)>();
        found.AddRange(await runner.RunAsync(_plan.Foundations(request), cancellationToken));
        found.AddRange(await runner.RunAsync(_plan.Connections(request, found), cancellationToken));
        found.AddRange(await runner.RunAsync(_plan.SignIns(request, found), cancellationToken));

        var groups = found
            .GroupBy(one => one.Group, one => one.Finding)
            .OrderBy(group => group.Key)
            .Select(group => (group.Key, (IReadOnlyList<Finding>)[.. group]));
        var report = new CheckReport(checkedAt, _time.GetElapsedTime(startedAt), [.. groups]);
        CheckLog.Finished(
            _logger,
            report.Count(FindingLevel.Error),
            report.Count(FindingLevel.Warning),
            report.Count(FindingLevel.Skipped),
            report.Count(FindingLevel.Ok),
            (long)report.Took.TotalMilliseconds
        );
        return report;
    }
}

/// <summary>What to check.</summary>
public sealed record CheckRequest
{
    /// <summary>Limits the check to one vendor's connections; null for all.</summary>
    public string? Vendor { get; init; }

    /// <summary>Limits the check to one connection of that vendor; null for all.</summary>
    public string? Connection { get; init; }

    /// <summary>Whether to make real sign-ins, whose tokens are saved.</summary>
    public bool SignsIn { get; init; } = true;

    /// <summary>Whether to try saving a secret, which leaves a disabled version of it in each vault.</summary>
    public bool ProbesSaving { get; init; }
}

/// <summary>Events 1201 and up.</summary>
internal static partial class CheckLog
{
    [LoggerMessage(
        1201,
        LogLevel.Information,
        "Check finished: {Errors} errors, {Warnings} warnings, {Skipped} skipped, {Ok} ok, in {Milliseconds} ms."
    )]
    public static partial void Finished(
        ILogger logger,
        int errors,
        int warnings,
        int skipped,
        int ok,
        long milliseconds
    );

    [LoggerMessage(1202, LogLevel.Error, "The check of {Group} {Subject} failed unexpectedly.")]
    public static partial void Failed(ILogger logger, CheckGroup group, string subject, Exception exception);
}
