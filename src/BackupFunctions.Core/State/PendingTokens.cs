using BackupFunctions.Tokens;

namespace BackupFunctions.State;

/// <summary>
/// The tokens of a connection that the vault has not accepted yet. They live in memory and are saved as soon as
/// possible. Reading is thread-safe; whoever changes or saves them holds them first.
/// </summary>
internal sealed class PendingTokens
{
    private volatile Pair _pair = new(null, null);

    public AccessToken? AccessToken => _pair.AccessToken;

    public RefreshToken? RefreshToken => _pair.RefreshToken;

    public bool IsEmpty => _pair is { AccessToken: null, RefreshToken: null };

    /// <summary>Whether a background retry is under way. Read and changed while held.</summary>
    public bool IsBeingRetried { get; private set; }

    /// <summary>
    /// Whether the pending refresh token may have been saved over a newer one of another process. Read and changed
    /// while held.
    /// </summary>
    public bool MayHaveOverwritten { get; private set; }

    /// <summary>When the older of the two was issued; null if nothing is pending.</summary>
    public DateTimeOffset? IssuedAt => (_pair.RefreshToken?.IssuedAt) ?? _pair.AccessToken?.IssuedAt;

    /// <summary>Names what is pending in logs; null if nothing is.</summary>
    public string? Fingerprint => _pair.RefreshToken?.Fingerprint ?? _pair.AccessToken?.Fingerprint;

    /// <summary>Lets one save of this connection run at a time in this process.</summary>
    /// <returns>Dispose of it to let the next one run.</returns>
    public async Task<IDisposable> HoldAsync()
    {
        await Gate.WaitAsync();
        return new Holding(Gate);
    }

    /// <summary>A vendor granted tokens: what was pending before is obsolete.</summary>
    public void Replace(TokenGrant grant)
    {
        _pair = new Pair(grant.AccessToken, grant.RefreshToken);
        MayHaveOverwritten = false;
    }

    /// <summary>
    /// Another process may have renewed before this refresh token was saved, or while it was: it is compared with the
    /// vault, and the access token with it is worth nothing.
    /// </summary>
    /// <param name="token">The refresh token, saved or not.</param>
    /// <param name="wasSent">Whether it may have reached the vault.</param>
    public void Doubt(RefreshToken token, bool wasSent)
    {
        _pair = new Pair(null, token);
        MayHaveOverwritten |= wasSent;
    }

    /// <summary>A refresh token arrived without a usable access token.</summary>
    public void ReplaceRefreshToken(RefreshToken token) => Change(pair => pair with { RefreshToken = token });

    /// <summary>The access token is saved, or no longer worth saving.</summary>
    public void ClearAccessToken() => Change(pair => pair with { AccessToken = null });

    /// <summary>
    /// The clock was ahead, and right up to an instant. An access token that was issued after it is dropped: saved
    /// later, it would mislead the other processes. A refresh token was issued as much earlier. Needs no hold.
    /// </summary>
    public void SetBack(DateTimeOffset rightUpTo, TimeSpan by) =>
        Change(pair => new Pair(
            pair.AccessToken?.IssuedAt > rightUpTo ? null : pair.AccessToken,
            pair.RefreshToken?.IssuedAt > rightUpTo ? pair.RefreshToken.Earlier(by) : pair.RefreshToken
        ));

    /// <summary>The refresh token is saved.</summary>
    public void ClearRefreshToken()
    {
        Change(pair => pair with { RefreshToken = null });
        MayHaveOverwritten = false;
    }

    /// <summary>Nothing is worth saving any more.</summary>
    public void Clear()
    {
        _pair = new Pair(null, null);
        MayHaveOverwritten = false;
    }

    /// <summary>Claims the background retry, if there is something to save and nobody retries yet.</summary>
    public bool TryBeginRetry()
    {
        if (IsEmpty || IsBeingRetried)
        {
            return false;
        }

        IsBeingRetried = true;
        return true;
    }

    /// <summary>The background retry has ended.</summary>
    public void EndRetry() => IsBeingRetried = false;

    /// <summary>The clock is set back at any time, also while somebody holds these.</summary>
    private void Change(Func<Pair, Pair> change)
    {
        Pair before;
        do
        {
            before = _pair;
        } while (Interlocked.CompareExchange(ref _pair, change(before), before) != before);
    }

    // Never disposed: it has no wait handle, and lives as long as the process.
    private SemaphoreSlim Gate { get; } = new(1, 1);

    private sealed record Pair(AccessToken? AccessToken, RefreshToken? RefreshToken);

    private sealed class Holding(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
