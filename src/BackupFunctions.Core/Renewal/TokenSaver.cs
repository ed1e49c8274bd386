using BackupFunctions.Ledger;
using BackupFunctions.Locking;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Saves what a vendor granted: the refresh token before anything else. What the vault does not accept stays in memory
/// and is saved as soon as possible; no caller and no shutdown cancels a save.
/// </summary>
internal sealed class TokenSaver : IDisposable
{
    private readonly PendingTokenWriter _writer;
    private readonly SaveRetries _retries;
    private readonly ILedger _ledger;
    private readonly ILogger _logger;

    public TokenSaver(
        ITokenStore store,
        IRefreshLock locks,
        ILedger ledger,
        TimeProvider time,
        ILogger<TokenSaver> logger
    )
    {
        (_ledger, _logger) = (ledger, logger);
        _writer = new PendingTokenWriter(store, logger);
        _retries = new SaveRetries(FlushAsync, locks, ledger, time, logger);
    }

    /// <summary>Saves the refresh token of a grant, if it has one, and keeps the rest as pending.</summary>
    /// <param name="state">The connection.</param>
    /// <param name="grant">What the vendor granted.</param>
    /// <param name="lease">The refresh lock; null if its storage is unavailable and the grant spent nothing.</param>
    /// <returns>
    /// False if another process had the lock meanwhile or has saved a newer refresh token: what the two sent may have
    /// ended the session of this grant, so that its access token must not be served.
    /// </returns>
    public async Task<bool> SaveRefreshTokenAsync(ConnectionState state, TokenGrant grant, IRefreshLease? lease)
    {
        using var held = await state.Pending.HoldAsync();
        state.Pending.Replace(grant);
        return grant.RefreshToken is not { } refreshToken || await SaveRefreshTokenAsync(state, refreshToken, lease);
    }

    /// <summary>Saves a refresh token that arrived without an access token.</summary>
    /// <param name="state">The connection.</param>
    /// <param name="refreshToken">All that is left of a session at the vendor.</param>
    /// <param name="lease">The refresh lock.</param>
    public async Task SaveUnpairedAsync(ConnectionState state, RefreshToken refreshToken, IRefreshLease? lease)
    {
        using var held = await state.Pending.HoldAsync();
        state.Pending.ReplaceRefreshToken(refreshToken);
        await SaveRefreshTokenAsync(state, refreshToken, lease);
        _retries.Begin(state);
    }

    /// <summary>
    /// Saves the access token of the grant, and goes on trying in the background what the vault does not accept.
    /// </summary>
    /// <param name="state">The connection.</param>
    /// <param name="isUsable">False if the access token is of no use to anyone.</param>
    /// <param name="priority">Whether a caller waits for it.</param>
    /// <param name="lease">The refresh lock; null if its storage is unavailable.</param>
    public async Task SaveAccessTokenAsync(
        ConnectionState state,
        bool isUsable,
        WritePriority priority,
        IRefreshLease? lease
    )
    {
        using var held = await state.Pending.HoldAsync();
        if (!isUsable)
        {
            state.Pending.ClearAccessToken();
        }

        if (lease is { IsHeld: false } && await lease.ConfirmAsync() != LeaseStanding.Held)
        {
            await _writer.SaveUnlessSupersededAsync(state, lease: null, priority);
        }
        else
        {
            await _writer.SaveAccessTokenAsync(state, lease, priority);
        }

        _retries.Begin(state);
    }

    /// <summary>
    /// Saves what an earlier renewal could not, unless another process has saved a newer token meanwhile.
    /// </summary>
    /// <param name="state">The connection.</param>
    /// <param name="lease">The refresh lock; null if its storage is unavailable.</param>
    public async Task FlushAsync(ConnectionState state, IRefreshLease? lease)
    {
        using var held = await state.Pending.HoldAsync();
        await GiveUpIfSignedOutAsync(state);
        await _writer.SaveUnlessSupersededAsync(state, lease, WritePriority.Caller);
    }

    /// <summary>Gives up what is pending: the connection is signed out.</summary>
    /// <returns>The pending refresh token; null if there was none.</returns>
    public static async Task<RefreshToken?> GiveUpAsync(ConnectionState state)
    {
        using var held = await state.Pending.HoldAsync();
        var refreshToken = state.Pending.RefreshToken;
        state.Pending.Clear();
        return refreshToken;
    }

    /// <summary>Saves what is left, trying again until the time is up.</summary>
    public Task DrainAsync(TimeSpan granted) => _retries.DrainAsync(granted);

    /// <inheritdoc/>
    public void Dispose() => _retries.Dispose();

    /// <summary>
    /// Saves while the lock is held. If another process had it meanwhile, nothing more is sent: what it saved is
    /// compared first, under the lock. Called while the pending tokens are held.
    /// </summary>
    /// <returns>False if another process may have ended the session.</returns>
    private async Task<bool> SaveRefreshTokenAsync(
        ConnectionState state,
        RefreshToken refreshToken,
        IRefreshLease? lease
    )
    {
        SaveResult? result = null;
        var wasSent = false;
        while (await StandingOf(lease) == LeaseStanding.Held)
        {
            if (result is SaveResult.Saved or SaveResult.Failed)
            {
                return true;
            }

            result = await _writer.SaveRefreshTokenAsync(state, lease);
            wasSent = true;
        }

        if (await StandingOf(lease) == LeaseStanding.Taken)
        {
            state.Pending.Doubt(refreshToken, wasSent);
            _retries.BeginNow(state);
            return false;
        }

        return result == SaveResult.Saved
            || await _writer.SaveUnlessSupersededAsync(state, lease: null, WritePriority.Caller);
    }

    private static Task<LeaseStanding> StandingOf(IRefreshLease? lease) =>
        lease is null ? Task.FromResult(LeaseStanding.Unknown) : lease.ConfirmAsync();

    /// <summary>
    /// What was obtained before an operator signed the connection out, at whatever instance, must not return to the
    /// vault.
    /// </summary>
    private async Task GiveUpIfSignedOutAsync(ConnectionState state)
    {
        var pending = state.Pending;
        if (pending.IsEmpty)
        {
            return;
        }

        var record = await _ledger.ReadAsync(state.Connection.Key, newest: true, CancellationToken.None);
        if (record.SignedOutAt is { } since && pending.IssuedAt <= since)
        {
            RenewalLog.GivenUp(_logger, state.Connection.Key, pending.Fingerprint!);
            pending.Clear();
        }
    }
}
