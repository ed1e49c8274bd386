using BackupFunctions.Connections;

namespace BackupFunctions.Locking;

/// <summary>
/// The refresh lock where no storage is configured. The broker already lets one renewal of a connection run at a time
/// in a process, so nothing is left to lock.
/// </summary>
public sealed class InProcessRefreshLock : IRefreshLock
{
    private static readonly Task<IRefreshLease> Free = Task.FromResult<IRefreshLease>(new Lease());

    /// <inheritdoc/>
    public Task<IRefreshLease> AcquireAsync(ConnectionKey key, CancellationToken cancellationToken) => Free;

    private sealed class Lease : IRefreshLease
    {
        public bool IsHeld => true;

        public Task<LeaseStanding> ConfirmAsync() => Task.FromResult(LeaseStanding.Held);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
