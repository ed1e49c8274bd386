using BackupFunctions.Ledger;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Rotation;

/// <summary>
/// Decides whether the saved refresh token may be sent: one that another process has spent, or is about to replace, may
/// not.
/// </summary>
internal sealed class RefreshTokens(ITokenStore store, TimeProvider time)
{
    /// <summary>
    /// How long another process is trusted to have in memory a refresh token that the vault did not accept, since it
    /// last recorded so. It does after each try, at least every other minute; after this long it is dead, or cannot
    /// reach the ledger.
    /// </summary>
    public static readonly TimeSpan LongestUnsaved = TimeSpan.FromMinutes(5);

    /// <summary>Reads the refresh token that may be sent.</summary>
    /// <returns>
    /// The token, null if there is none; and, if that is because the vault cannot provide one that exists, what to fail
    /// with if nothing else works.
    /// </returns>
    public async Task<(RefreshToken? Token, TokenException? Unavailable)> ReadAsync(
        ConnectionState state,
        LedgerEntry record
    )
    {
        if (state.Pending.RefreshToken is not null)
        {
            // A refresh token that is not saved yet is not spent; signing in afresh leaves it alone.
            return (null, Unavailable("The vault has not accepted the last refresh token yet."));
        }

        RefreshToken? saved;
        try
        {
            saved = await store.ReadRefreshTokenAsync(state.Connection, CancellationToken.None);
        }
        catch (TokenException exception)
        {
            return (null, exception);
        }

        var now = time.GetUtcNow();
        if (saved is null || saved.ExpiresAt <= now || saved.Fingerprint == record.DeadRefreshToken)
        {
            return (null, null);
        }

        if (saved.Fingerprint != record.SpentRefreshToken)
        {
            return (saved, null);
        }

        var isHolderGone = now - (record.UnsavedSeenAt ?? record.LastSuccess) > LongestUnsaved;
        return isHolderGone
            ? (null, null)
            : (null, Unavailable("The vault has not accepted the refresh token that another instance obtained yet."));
    }

    /// <summary>Why no refresh token may be spent now; null if one may.</summary>
    public string? WhyNotNow(ConnectionState state)
    {
        // Another renewal would orphan the pending token, and the current access token still works.
        var isPending = state.Pending.RefreshToken is not null;
        return isPending && state.Current?.IsUsable(time.GetUtcNow(), TimeSpan.Zero) == true
            ? "The vault has not accepted the last refresh token yet, and none is rotated until it has."
            : null;
    }

    private static TokenException Unavailable(string problem) => new(FailureKind.VaultUnavailable, problem);
}
