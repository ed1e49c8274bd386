using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using BackupFunctions.Connections;
using BackupFunctions.Locking;
using BackupFunctions.Randomness;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage;

/// <summary>
/// The refresh lock across processes: a lease on a blob of the connection, <c>{vendor}/{connection}.lock</c>. Each
/// acquirer has a lease id of its own, so two in one process exclude each other as well. See
/// https://learn.microsoft.com/rest/api/storageservices/lease-blob
/// </summary>
internal sealed class BlobLeaseRefreshLock(
    BlobContainerClient container,
    TimeProvider time,
    RandomSource random,
    ILogger<BlobLeaseRefreshLock> logger
) : IRefreshLock
{
    /// <summary>The container with the locks.</summary>
    public const string ContainerName = "backupfunctions-locks";

    /// <summary>
    /// How long another holder is waited for. A holder that lives is done within the attempts' budget of 40 s; one that
    /// was killed right then holds for the 15 s of its lease. Beyond both (55 s), waiting longer is no use.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>After storage failed, it is not asked for this long: callers would only be slowed down.</summary>
    public static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(10);

    /// <summary>The time for one acquisition with all the client's retries and, the first time, its sign-in.</summary>
    public static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    private readonly LockBlobs _blobs = new(container, logger);
    private readonly StorageBreaker _outage = new(OutagePause, time);

    /// <inheritdoc/>
    public async Task<IRefreshLease> AcquireAsync(ConnectionKey key, CancellationToken cancellationToken)
    {
        var lease = _blobs.LeaseOn(key, random.NextGuid());
        var since = time.GetTimestamp();
        for (var poll = ShortestPoll; ; poll = Shorter(poll * 1.5, LongestPoll))
        {
            var term = LeaseTerm.Begin(time);
            if (await TryTakeAsync(key, lease, cancellationToken))
            {
                if (poll > ShortestPoll)
                {
                    StorageLog.Waited(logger, key, (long)time.GetElapsedTime(since).TotalMilliseconds);
                }

                return new BlobRefreshLease(key, lease, term, time, logger);
            }

            // Up to a quarter shorter or longer by chance: those who wait shall not come all at once.
            var pause = poll * (0.75 + (0.5 * random.NextDouble()));
            if (time.GetElapsedTime(since) + pause > LongestWait)
            {
                throw new RefreshLockUnavailableException(
                    $"Another process has been renewing {key} for more than {LongestWait.TotalSeconds} s.",
                    heldByOther: true
                );
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task<bool> TryTakeAsync(ConnectionKey key, BlobLeaseClient lease, CancellationToken cancellationToken)
    {
        if (_outage.Left is { } left)
        {
            throw Away($"it failed a moment ago and is asked again in {Math.Ceiling(left.TotalSeconds)} s");
        }

        using var timeout = new CancellationTokenSource(AskTimeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var isTaken = await _blobs.TryTakeAsync(key, lease, BlobRefreshLease.Duration, ended.Token);
            _outage.End();
            return isTaken;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = BlobRefreshLease.AbandonAsync(lease, time);
            throw;
        }
        catch (Exception exception)
        {
            // Whatever it is: what clients and credentials throw is no closed set, and none of it is a lock.
            _outage.Begin();
            if (!StorageErrors.IsAnswer(exception))
            {
                _ = BlobRefreshLease.AbandonAsync(lease, time);
            }

            var detail = StorageErrors.Describe(exception);
            StorageLog.StorageAway(logger, key, detail, OutagePause.TotalSeconds);
            throw Away(detail.TrimEnd('.'));
        }
    }

    // Without the exception of storage: its text quotes the reply.
    private static RefreshLockUnavailableException Away(string why) =>
        new($"The storage of the refresh locks cannot be used: {why}.", heldByOther: false);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
