using BackupFunctions.Ledger;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Loads saved access tokens, but none that any process of this deployment knows to be rejected or signed out; and
/// tells the other processes of tokens that were rejected here.
/// </summary>
internal sealed class SavedTokenReader(ITokenStore store, ILedger ledger, ILogger<SavedTokenReader> logger)
{
    /// <summary>Takes over the saved token if it is newer.</summary>
    /// <returns>The newest token known; null if there is none.</returns>
    public async Task<AccessToken?> LoadAsync(ConnectionState state)
    {
        try
        {
            var before = state.Current?.Fingerprint;
            var token = await store.ReadAccessTokenAsync(state.Connection, CancellationToken.None);
            if (
                token is not null
                && await MayServeAsync(state, token.Fingerprint)
                && state.Adopt(token)
                && token.Fingerprint != before
            )
            {
                RenewalLog.Loaded(logger, state.Connection.Key, token.Fingerprint, token.ExpiresAt);
            }
        }
        catch (TokenException exception)
        {
            // A token vault that is unavailable does not keep a vendor from granting a token.
            RenewalLog.VaultReadFailed(logger, state.Connection.Key, exception.Failure);
        }

        return state.Current;
    }

    /// <summary>Tells the other processes of the token rejected last, if that has not happened yet.</summary>
    public async ValueTask ReportPendingRejectionAsync(ConnectionState state)
    {
        if (state.TakeUnreportedRejection() is { } fingerprint)
        {
            await ReportRejectedAsync(state, fingerprint);
        }
    }

    /// <summary>Tells the other processes that the vendor did not accept a token that they may have too.</summary>
    public ValueTask ReportRejectedAsync(ConnectionState state, string fingerprint) =>
        ledger.UpdateAsync(state.Connection.Key, record => record.WithRejected(fingerprint), CancellationToken.None);

    /// <summary>No process serves the saved token again: its session may have ended.</summary>
    public async Task DistrustSavedAsync(ConnectionState state)
    {
        try
        {
            if (await store.ReadAccessTokenAsync(state.Connection, CancellationToken.None) is { } token)
            {
                state.RejectedElsewhere(token.Fingerprint);
                await ReportRejectedAsync(state, token.Fingerprint);
            }
        }
        catch (TokenException exception)
        {
            RenewalLog.VaultReadFailed(logger, state.Connection.Key, exception.Failure);
        }
    }

    private async Task<bool> MayServeAsync(ConnectionState state, string fingerprint)
    {
        var record = await ledger.ReadAsync(state.Connection.Key, newest: false, CancellationToken.None);
        if (record.SignedOutAt is not null)
        {
            state.Drop();
            return false;
        }

        var isKnownToAll = record.Rejected.Contains(fingerprint);
        if (state.IsRejected(fingerprint))
        {
            if (!isKnownToAll)
            {
                // The vault still holds it: the other processes must not load it from there.
                await ReportRejectedAsync(state, fingerprint);
            }

            return false;
        }

        if (isKnownToAll)
        {
            state.RejectedElsewhere(fingerprint);
        }

        return !isKnownToAll;
    }
}
