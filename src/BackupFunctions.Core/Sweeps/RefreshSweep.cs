using System.Collections.Concurrent;
using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Sweeps;

/// <summary>
/// What a timer does: renews every connection of one vendor that will enter its refresh window before the next tick.
/// One connection's failure does not stop another's.
/// </summary>
public sealed class RefreshSweep
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _running = new(StringComparer.Ordinal);
    private readonly FreshnessKeeper _keeper;
    private readonly ConnectionDirectory _directory;
    private readonly SweepSettings _settings;
    private readonly CredentialExpiry _expiry;
    private readonly HostClock _clock;
    private readonly ILogger _logger;
    private readonly ConnectionReloader? _reloader;

    internal RefreshSweep(
        FreshnessKeeper keeper,
        ConnectionDirectory directory,
        SweepSettings settings,
        CredentialExpiry expiry,
        HostClock clock,
        ILogger<RefreshSweep> logger,
        ConnectionReloader? reloader = null
    )
    {
        (_keeper, _directory, _settings, _expiry) = (keeper, directory, settings, expiry);
        (_clock, _logger, _reloader) = (clock, logger, reloader);
    }

    /// <summary>
    /// Renews what is due before the schedule's next tick, and some that are due a few ticks later: tokens that were
    /// issued together must not come due together for ever. Skipped if the vendor's previous sweep is still running.
    /// </summary>
    /// <param name="vendor">The vendor's name, for example <c>acronis-cyberapp</c>.</param>
    /// <param name="cancellationToken">Starts no further renewals; those under way end by themselves.</param>
    /// <exception cref="ArgumentException">No vendor has that name.</exception>
    /// <exception cref="RefreshSweepException">Some connections were tried and failed; it names them.</exception>
    public Task<SweepReport> RunAsync(string vendor, CancellationToken cancellationToken)
    {
        var profile = _directory.FindVendor(vendor)
            ?? throw new ArgumentException($"{vendor} is not a known vendor.", nameof(vendor));
        var schedule = _settings.ScheduleOf(profile);

        // The timers go by the host's own clock, even where it is wrong.
        var nextTick = schedule.NextAfter(_clock.ToHost(_clock.GetUtcNow()));
        var tick = schedule.NextAfter(nextTick) - nextTick;
        return RunAsync(profile, _clock.FromHost(nextTick), tick, cancellationToken);
    }

    /// <summary>The same for every vendor of a timer, all at once.</summary>
    /// <param name="timer">The timer's name, for example <c>Catalogue</c>.</param>
    /// <param name="cancellationToken">Starts no further renewals.</param>
    /// <exception cref="RefreshSweepException">Some connections were tried and failed; it names them.</exception>
    public async Task RunTimerAsync(string timer, CancellationToken cancellationToken)
    {
        var sweeps = _directory
            .Vendors.Where(vendor => vendor.TimerName == timer && vendor.IssuesTokens)
            .Select(vendor => FailureOfAsync(RunAsync(vendor.Name, cancellationToken)));
        if ((await Task.WhenAll(sweeps)).OfType<SweepReport>().ToList() is { Count: > 0 } failed)
        {
            throw new RefreshSweepException(failed);
        }
    }

    private static async Task<SweepReport?> FailureOfAsync(Task<SweepReport> sweep)
    {
        try
        {
            await sweep;
            return null;
        }
        catch (RefreshSweepException exception)
        {
            return exception.Reports[0];
        }
    }

    /// <summary>
    /// The same with the next tick given, and the time between two ticks; zero renews what is due and nothing earlier.
    /// </summary>
    internal async Task<SweepReport> RunAsync(
        VendorProfile vendor,
        DateTimeOffset nextTick,
        TimeSpan tick,
        CancellationToken cancellationToken
    )
    {
        var running = _running.GetOrAdd(vendor.Name, static _ => new SemaphoreSlim(1, 1));
        if (!await running.WaitAsync(TimeSpan.Zero, CancellationToken.None))
        {
            SweepLog.Skipped(_logger, vendor.Name);
            return new SweepReport(vendor.Name, 0, 0, 0, [], WasSkipped: true);
        }

        try
        {
            if (_reloader is not null)
            {
                await _reloader.EnsureReadAsync(ConnectionReloader.StaleAfter, cancellationToken);
            }

            var report = await SweepAsync(vendor, nextTick, tick, cancellationToken);
            SweepLog.Swept(_logger, vendor.Name, report.Renewed, report.Fresh, report.Waiting, report.Failed.Count);
            return report.Failed.Count == 0 ? report : throw new RefreshSweepException(report);
        }
        finally
        {
            running.Release();
        }
    }

    private async Task<SweepReport> SweepAsync(
        VendorProfile vendor,
        DateTimeOffset nextTick,
        TimeSpan tick,
        CancellationToken cancellationToken
    )
    {
        var results = new ConcurrentBag<(SweepResult Result, SweepFailure? Failure)>();
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = _settings.ConcurrencyOf(vendor),
            CancellationToken = cancellationToken,

            // As await does: if there is a context, as in the simulation, the work stays in it. No host has one.
            TaskScheduler = SynchronizationContext.Current is null
                ? TaskScheduler.Default
                : TaskScheduler.FromCurrentSynchronizationContext(),
        };
        await Parallel.ForEachAsync(_directory.Of(vendor), options, async (connection, token) =>
        {
            // It may be gone, or defined anew, since the sweep began.
            if (_directory.Find(vendor, connection.Key.Connection) == connection)
            {
                results.Add(await RenewAsync(connection, nextTick, tick, token));
            }
        });
        var failures = results.Select(result => result.Failure).OfType<SweepFailure>();
        return new SweepReport(
            vendor.Name,
            results.Count(result => result.Result == SweepResult.Renewed),
            results.Count(result => result.Result == SweepResult.Fresh),
            results.Count(result => result.Result == SweepResult.Waiting),
            [.. failures.OrderBy(failure => failure.Connection.Connection, StringComparer.Ordinal)]
        );
    }

    private async Task<(SweepResult, SweepFailure?)> RenewAsync(
        Connection connection,
        DateTimeOffset nextTick,
        TimeSpan tick,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (!await _keeper.KeepFreshAsync(connection, nextTick, tick, cancellationToken))
            {
                return (SweepResult.Fresh, null);
            }

            await _expiry.CheckAsync(connection, cancellationToken);
            return (SweepResult.Renewed, null);
        }
        catch (TokenException exception) when (exception.Failure.WasNotTried)
        {
            return (SweepResult.Waiting, null);
        }
        catch (TokenException exception)
        {
            return (SweepResult.Failed, new SweepFailure(connection.Key, exception.Failure));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            SweepLog.FailedUnexpectedly(_logger, connection.Vendor.Name, connection.Key, exception);
            var failure = new TokenFailure(FailureKind.VendorReplyUnusable, "The renewal failed unexpectedly.")
            {
                Remedy = "The log has the exception.",
            };
            return (SweepResult.Failed, new SweepFailure(connection.Key, failure));
        }
    }

    private enum SweepResult
    {
        Renewed,
        Fresh,
        Waiting,
        Failed,
    }
}
