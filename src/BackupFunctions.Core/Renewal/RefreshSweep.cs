using System.Collections.Concurrent;
using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// A timer's work: renews every connection of one vendor that will enter its refresh window before the next tick. One
/// connection's failure does not stop another's.
/// </summary>
public sealed class RefreshSweep(
    TokenBroker broker,
    ConnectionDirectory directory,
    CredentialExpiry expiry,
    TimeProvider time,
    ILogger<RefreshSweep> logger,
    ConnectionReloader? news = null
)
{
    /// <summary>
    /// How many connections of one vendor are renewed at once, unless the vendor or a setting says otherwise. It is enough: a renewal
    /// takes some tenths of a second, and a vault takes no more than 25 writes in a second.
    /// </summary>
    public const int Concurrency = 16;

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _running = new(StringComparer.Ordinal);

    /// <summary>Renews what is due, to the instant: nothing is spread. Left out if the same vendor's last sweep is still running.</summary>
    /// <param name="vendor">Whose connections.</param>
    /// <param name="nextTick">When the next sweep will be.</param>
    /// <param name="cancellationToken">Begins no further renewals; those under way end by themselves.</param>
    /// <exception cref="RefreshSweepException">Some connections were tried and failed; it names them.</exception>
    public Task<SweepReport> RunAsync(IVendor vendor, DateTimeOffset nextTick, CancellationToken cancellationToken) =>
        RunAsync(vendor, nextTick, tick: default, cancellationToken);

    private async Task<SweepReport> RunAsync(
        IVendor vendor,
        DateTimeOffset nextTick,
        TimeSpan tick,
        CancellationToken cancellationToken
    )
    {
        var running = _running.GetOrAdd(vendor.Name, static _ => new SemaphoreSlim(1, 1));
        if (!await running.WaitAsync(TimeSpan.Zero, CancellationToken.None))
        {
            TokenLog.SweepLeftOut(logger, vendor.Name);
            return new SweepReport(vendor.Name, 0, 0, 0, [], WasLeftOut: true);
        }

        try
        {
            await (news?.EnsureReadAsync(ConnectionReloader.StaleAfter, cancellationToken) ?? Task.CompletedTask);
            var report = await SweepAsync(vendor, nextTick, tick, cancellationToken);
            TokenLog.Swept(logger, vendor.Name, report.Renewed, report.Fresh, report.Waiting, report.Failed.Count);
            return report.Failed.Count == 0 ? report : throw new RefreshSweepException(report);
        }
        finally
        {
            running.Release();
        }
    }

    private async Task<SweepReport> SweepAsync(
        IVendor vendor,
        DateTimeOffset nextTick,
        TimeSpan tick,
        CancellationToken cancellationToken
    )
    {
        BackgroundWork.Begin();
        int renewed = 0,
            fresh = 0,
            waiting = 0;
        var failed = new ConcurrentBag<SweepFailure>();
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = directory.ConcurrencyOf(vendor),
            CancellationToken = cancellationToken,

            // As awaits do: where there is a context, as in the simulation, the work stays in it. No host has one.
            TaskScheduler = SynchronizationContext.Current is null
                ? TaskScheduler.Default
                : TaskScheduler.FromCurrentSynchronizationContext(),
        };
        await Parallel.ForEachAsync(directory.Of(vendor), options, async (target, token) =>
        {
            if (directory.Find(vendor, target.Connection.Key.Connection) != target)
            {
                // Gone or another one since the sweep began.
                return;
            }

            try
            {
                if (!await broker.KeepFreshAsync(target, nextTick, tick, token))
                {
                    Interlocked.Increment(ref fresh);
                    return;
                }

                Interlocked.Increment(ref renewed);
                await expiry.CheckAsync(target.Connection, token);
            }
            catch (TokenException exception) when (exception.Failure.WasNotTried)
            {
                Interlocked.Increment(ref waiting);
            }
            catch (TokenException exception)
            {
                failed.Add(new SweepFailure(target.Connection.Key, exception.Failure));
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                TokenLog.SweepBroke(logger, vendor.Name, target.Connection.Key, exception);
                failed.Add(
                    new SweepFailure(
                        target.Connection.Key,
                        new TokenFailure(
                            FailureKind.VendorReplyUnusable,
                            "It broke off unexpectedly; the log has the exception."
                        )
                    )
                );
            }
        });
        return new SweepReport(
            vendor.Name,
            renewed,
            fresh,
            waiting,
            [.. failed.OrderBy(failure => failure.Connection.Connection, StringComparer.Ordinal)]
        );
    }

    /// <summary>
    /// Renews what is due before the schedule's next tick, and some that are due a few ticks later: tokens that were issued
    /// together must not come due together for ever.
    /// </summary>
    /// <param name="vendor">Whose connections.</param>
    /// <param name="cancellationToken">Begins no further renewals.</param>
    /// <exception cref="RefreshSweepException">Some connections were tried and failed; it names them.</exception>
    public Task<SweepReport> RunAsync(IVendor vendor, CancellationToken cancellationToken)
    {
        var schedule = directory.ScheduleOf(vendor);
        var nextTick = schedule.NextAfter(time.GetUtcNow());
        return RunAsync(vendor, nextTick, schedule.NextAfter(nextTick) - nextTick, cancellationToken);
    }

    /// <summary>Renews what is due before the schedule's next tick; for a timer trigger, which has only a name.</summary>
    /// <param name="vendor">The vendor's name, for example <c>acronis-cyberapp</c>.</param>
    /// <param name="cancellationToken">Begins no further renewals.</param>
    /// <exception cref="ArgumentException">No vendor has that name.</exception>
    /// <exception cref="RefreshSweepException">Some connections were tried and failed; it names them.</exception>
    public Task<SweepReport> RunAsync(string vendor, CancellationToken cancellationToken) =>
        RunAsync(
            directory.FindVendor(vendor) ?? throw new ArgumentException($"{vendor} is no vendor.", nameof(vendor)),
            cancellationToken
        );
}
