using Microsoft.Extensions.Logging;

namespace BackupFunctions.Check;

/// <summary>
/// Goes through everything that a token depends on, and says of each thing how it is and what mends it. Whatever is wrong is a
/// finding; only the caller's own cancellation is thrown.
/// </summary>
public sealed class CheckRunner
{
    private readonly SettingsCheck _settings;
    private readonly VaultCheck _vaults;
    private readonly StorageCheck _storage;
    private readonly ConnectionCheck _connections;
    private readonly ConnectionCheckPlan _perConnection;
    private readonly CheckLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal CheckRunner(
        SettingsCheck settings,
        VaultCheck vaults,
        StorageCheck storage,
        ConnectionCheck connections,
        ConnectionCheckPlan perConnection,
        CheckLimits limits,
        TimeProvider time,
        ILogger<CheckRunner> logger
    )
    {
        (_settings, _vaults, _storage, _connections, _perConnection) = (
            settings,
            vaults,
            storage,
            connections,
            perConnection
        );
        (_limits, _time, _logger) = (limits, time, logger);
    }

    /// <summary>Checks.</summary>
    /// <param name="request">What.</param>
    /// <param name="progress">Is told of each step that begins or ends, on whatever thread that happens; null for nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<CheckReport> RunAsync(
        CheckRequest request,
        IProgress<CheckProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var (checkedAt, begun) = (_time.GetUtcNow(), _time.GetTimestamp());
        using var runner = new StepRunner(_limits, _time, _logger, progress);

        // The vault first: what it does not give need not be asked for again and again, and it may define connections.
        var found = new List<(CheckStep Step, IReadOnlyList<Finding> Findings)>();
        found.AddRange(
            await runner.RunAsync(
                [_settings.Step, .. _vaults.Steps(request), _storage.Step, _connections.Step(request)],
                cancellationToken
            )
        );
        var targets = _connections.Targets(request);
        found.AddRange(
            await runner.RunAsync(_perConnection.Looks(targets, Of(found, CheckGroup.Vaults)), cancellationToken)
        );

        // A sign-in that cannot succeed is not tried: it would count as a failure.
        found.AddRange(
            await runner.RunAsync(_perConnection.SignIns(request, targets, _settings.AreGood, found), cancellationToken)
        );

        var report = new CheckReport(checkedAt, _time.GetElapsedTime(begun), Grouped(found));
        CheckLog.Ended(
            _logger,
            report.Count(FindingLevel.Error),
            report.Count(FindingLevel.Warning),
            report.Count(FindingLevel.Skipped),
            report.Count(FindingLevel.Ok),
            (long)report.Took.TotalMilliseconds
        );
        return report;
    }

    private static List<Finding> Of(
        IEnumerable<(CheckStep Step, IReadOnlyList<Finding> Findings)> found,
        CheckGroup group
    ) => [.. found.Where(one => one.Step.Group == group).SelectMany(one => one.Findings)];

    private static List<(CheckGroup Group, IReadOnlyList<Finding> Findings)> Grouped(
        List<(CheckStep Step, IReadOnlyList<Finding> Findings)> found
    ) =>
        [
            .. Enum.GetValues<CheckGroup>()
                .Select(group => (group, (IReadOnlyList<Finding>)Of(found, group)))
                .Where(group => group.Item2.Count > 0),
        ];
}
