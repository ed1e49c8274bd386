namespace BackupFunctions.State;

/// <summary>Lets one call of the vendor for a connection run at a time in this process. Thread-safe.</summary>
internal sealed class VendorGate
{
    private volatile bool _isRenewing;

    /// <summary>Whether the vendor is being asked for a new token of the connection, or to end its session.</summary>
    public bool IsRenewing => _isRenewing;

    /// <summary>Waits for the turn of a tenant's token; disposing of the result ends it.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        return new Turn(this);
    }

    /// <summary>
    /// Waits for the turn of a renewal or a sign-out, which nobody cancels; disposing of the result ends it.
    /// </summary>
    public async Task<IDisposable> EnterToRenewAsync()
    {
        await Gate.WaitAsync();
        _isRenewing = true;
        return new Turn(this);
    }

    // Never disposed: it has no wait handle, and lives as long as the process.
    private SemaphoreSlim Gate { get; } = new(1, 1);

    private sealed class Turn(VendorGate gate) : IDisposable
    {
        public void Dispose()
        {
            gate._isRenewing = false;
            gate.Gate.Release();
        }
    }
}
