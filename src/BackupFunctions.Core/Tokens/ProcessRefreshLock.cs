namespace BackupFunctions.Tokens;

/// <summary>
/// The refresh lock where no storage is configured. The broker already lets one renewal of a connection run at a time in a
/// process, so nothing is left to lock.
/// </summary>
public sealed class ProcessRefreshLock : IRefreshLock, IRefreshLease
{
    /// <inheritdoc/>
    public CancellationToken Lost => CancellationToken.None;

    /// <inheritdoc/>
    public Task<IRefreshLease> AcquireAsync(ConnectionKey key, CancellationToken cancellationToken) => Task.FromResult<IRefreshLease>(this);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
