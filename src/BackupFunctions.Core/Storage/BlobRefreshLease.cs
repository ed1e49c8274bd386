using Azure.Storage.Blobs.Specialized;
using BackupFunctions.Connections;
using BackupFunctions.Locking;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage;

/// <summary>
/// A lease that was taken, and is renewed until it is disposed. It counts as lost when storage says so, or when no
/// renewal has succeeded for as long as it lasts: then storage has given it up, whether or not it can be asked.
/// </summary>
internal sealed class BlobRefreshLease : IRefreshLease
{
    /// <summary>The shortest that storage takes: so long a killed holder keeps the others out.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    /// <summary>How long after the start of the last renewal the next one starts: two may fail.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    /// <summary>The wait before the next try after a renewal failed.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>How long a release may take: a caller waits for it with its token in hand.</summary>
    public static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(2);

    private readonly ConnectionKey _key;
    private readonly BlobLeaseClient _lease;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task _renewing;
    private bool _isDisposed;

    /// <summary>Begins to renew.</summary>
    /// <param name="key">Whose lock it is.</param>
    /// <param name="lease">The lease, taken.</param>
    /// <param name="asked">The timestamp from before it was asked for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it tells what happened.</param>
    public BlobRefreshLease(ConnectionKey key, BlobLeaseClient lease, long asked, TimeProvider time, ILogger logger)
    {
        _key = key;
        _lease = lease;
        _time = time;
        _logger = logger;
        _lost = new CancellationTokenSource(LeftOf(Duration, asked), time);
        Lost = _lost.Token;
        _renewing = RenewAsync(asked);
    }

    /// <inheritdoc/>
    public CancellationToken Lost { get; }

    /// <summary>
    /// Releases a lease that was perhaps taken: its request had no answer. Nobody waits for it, and it never throws.
    /// </summary>
    public static async Task AbandonAsync(BlobLeaseClient lease, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(ReleaseTimeout, time);
        await ((Task)lease.ReleaseAsync(cancellationToken: timeout.Token)).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing
        );
    }

    /// <summary>Releases the lease, unless it is lost. Does not throw.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _disposing.CancelAsync();
        await _renewing;
        if (!Lost.IsCancellationRequested)
        {
            await ReleaseAsync();
        }

        _lost.Dispose();
        _disposing.Dispose();
    }

    private async Task RenewAsync(long renewed)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_lost.Token, _disposing.Token);
        for (var wait = LeftOf(RenewEvery, renewed); ; wait = await TryRenewAsync(ended.Token))
        {
            await Task.Delay(wait, _time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
            {
                break;
            }
        }

        if (Lost.IsCancellationRequested)
        {
            StorageLog.Lost(_logger, _key);
        }
    }

    /// <returns>The wait before the next renewal.</returns>
    private async Task<TimeSpan> TryRenewAsync(CancellationToken ended)
    {
        try
        {
            var asked = _time.GetTimestamp();
            await _lease.RenewAsync(cancellationToken: ended);
            _lost.CancelAfter(LeftOf(Duration, asked));
            return LeftOf(RenewEvery, asked);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            // Whatever it is: nobody awaits this before the end, and without a renewal the lease is lost by time.
            StorageLog.NotRenewed(_logger, _key, StorageErrors.Describe(exception));
            if (StorageErrors.IsLoss(exception))
            {
                await _lost.CancelAsync();
            }

            return RetryAfter;
        }
    }

    private async Task ReleaseAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(ReleaseTimeout, _time);
            await _lease.ReleaseAsync(cancellationToken: timeout.Token);
        }
        catch (Exception exception)
        {
            // Whatever it is: the lease ends by itself, and what was done under it is done.
            StorageLog.NotReleased(_logger, _key, Duration.TotalSeconds, StorageErrors.Describe(exception));
        }
    }

    private TimeSpan LeftOf(TimeSpan span, long since)
    {
        var left = span - _time.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
