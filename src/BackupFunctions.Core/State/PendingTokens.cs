using BackupFunctions.Tokens;

namespace BackupFunctions.State;

/// <summary>The tokens of a connection that the vault has not taken yet. They live in memory and are saved as soon as possible.</summary>
internal sealed class PendingTokens
{
    private SemaphoreSlim Gate { get; } = new(1, 1);

    public AccessToken? AccessToken { get; set; }

    public RefreshToken? RefreshToken { get; set; }

    /// <summary>Whether somebody already goes on trying to save.</summary>
    public bool IsBeingRetried { get; set; }

    public bool IsEmpty => AccessToken is null && RefreshToken is null;

    /// <summary>Lets one save of this connection run at a time in this process.</summary>
    /// <returns>Dispose of it to let the next one.</returns>
    public async Task<IDisposable> HoldAsync()
    {
        await Gate.WaitAsync();
        return new Holding(Gate);
    }

    private sealed class Holding(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
