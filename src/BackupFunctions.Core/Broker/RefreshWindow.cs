using BackupFunctions.Renewal;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>What a caller gets while a token is still usable and due for renewal.</summary>
internal sealed class RefreshWindow(TokenRenewer renewer, TimeProvider time, ILogger logger)
{
    /// <summary>How long a caller waits for a renewal while the current token is still usable.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What a log calls this exception.</summary>
    public static string NameOf(Exception exception) =>
        exception is TokenException { Failure.Kind: var kind } ? kind.ToString() : exception.GetType().Name;

    /// <summary>
    /// Inside the refresh window a renewal is started. The caller who starts it waits a moment; if it takes longer or
    /// fails, the current token is served, as it is to anyone who asks in the meantime.
    /// </summary>
    /// <returns>
    /// Null if what is known is to be judged anew: the current token is of no use any more, or the one obtained has
    /// been rejected already, by someone who read it in the vault.
    /// </returns>
    public async Task<AccessToken?> RenewAsync(
        ConnectionState state,
        AccessToken token,
        string? askedBy,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        if (token.RefreshAt(state.Connection.RefreshBefore) > now || state.NextAttempt > now || state.Renewals.IsBusy)
        {
            return token;
        }

        var renewal = renewer.TokenOfAsync(
            state,
            renewer.JoinOrStart(state, new TokenRequirement { FreshAt = now, AskedBy = askedBy }, out _)
        );
        AccessToken renewed;
        try
        {
            renewed = await renewal.WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (IsStillUsable(state, token))
            {
                BrokerLog.ServedOld(logger, state.Connection.Key, token.Fingerprint, NameOf(exception));
                return token;
            }

            if (renewal.IsCompleted)
            {
                throw;
            }

            return null;
        }

        return state.IsRejected(renewed.Fingerprint) ? null : renewed;
    }

    // It was usable when it was asked for: only if it has expired, been rejected or been signed out since, it is no
    // answer.
    private bool IsStillUsable(ConnectionState state, AccessToken token) =>
        state.Current is not null
        && !state.IsRejected(token.Fingerprint)
        && token.IsUsable(time.GetUtcNow(), TimeSpan.Zero);
}
