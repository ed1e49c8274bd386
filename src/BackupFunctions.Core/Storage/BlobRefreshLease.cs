using Azure.Storage.Blobs.Specialized;
using BackupFunctions.Connections;
using BackupFunctions.Locking;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage;

/// <summary>
/// A lease that was taken, and is renewed until it is disposed. It counts as lost when storage says so, or when no
/// renewal has succeeded for as long as it lasts: then another process may have it, whether or not storage can be
/// asked.
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
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task _renewing;
    private volatile LeaseTerm _term;
    private volatile bool _isTaken;
    private bool _isDisposed;

    /// <summary>Begins to renew.</summary>
    /// <param name="key">Whose lock it is.</param>
    /// <param name="lease">The lease, taken.</param>
    /// <param name="term">Begun before it was asked for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it tells what happened.</param>
    public BlobRefreshLease(ConnectionKey key, BlobLeaseClient lease, LeaseTerm term, TimeProvider time, ILogger logger)
    {
        _key = key;
        _lease = lease;
        _time = time;
        _logger = logger;
        _term = term;
        _renewing = RenewAsync();
    }

    /// <inheritdoc/>
    public bool IsHeld => !_isTaken && Left > TimeSpan.Zero;

    private TimeSpan Left => _term.LeftOf(Duration, _time);

    /// <inheritdoc/>
    public async Task<LeaseStanding> ConfirmAsync()
    {
        if (!IsHeld && !_isTaken)
        {
            // Storage renews even a lease that is over, unless another was acquired since:
            // https://learn.microsoft.com/rest/api/storageservices/lease-blob
            using var timeout = new CancellationTokenSource(ReleaseTimeout, _time);
            await TryRenewAsync(timeout.Token);
        }

        if (_isTaken)
        {
            return LeaseStanding.Taken;
        }

        return IsHeld ? LeaseStanding.Held : LeaseStanding.Unknown;
    }

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
        if (IsHeld)
        {
            await ReleaseAsync();
        }

        _disposing.Dispose();
    }

    private async Task RenewAsync()
    {
        var ended = _disposing.Token;
        for (var wait = _term.LeftOf(RenewEvery, _time); IsHeld; wait = await TryRenewAsync(ended))
        {
            // No longer than the lease lasts, so that its end is told at once.
            var pause = wait < Left ? wait : Left;
            await Task.Delay(pause, _time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
            {
                return;
            }

            if (!IsHeld)
            {
                break;
            }
        }

        StorageLog.Lost(_logger, _key);
    }

    /// <returns>The wait before the next renewal.</returns>
    private async Task<TimeSpan> TryRenewAsync(CancellationToken ended)
    {
        try
        {
            var term = LeaseTerm.Begin(_time);
            await _lease.RenewAsync(cancellationToken: ended);
            _term = term;
            return term.LeftOf(RenewEvery, _time);
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            // Whatever it is: without a renewal the lease is lost by time.
            StorageLog.NotRenewed(_logger, _key, StorageErrors.Describe(exception));
            _isTaken |= StorageErrors.IsLoss(exception);
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
}
