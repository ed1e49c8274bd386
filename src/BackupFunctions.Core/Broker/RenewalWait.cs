using BackupFunctions.Renewal;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>Lets callers wait for a renewal as long as <see cref="CallerWait"/> allows. The renewal goes on.</summary>
internal sealed class RenewalWait(TokenRenewer renewer, TimeProvider time, ILogger logger)
{
    /// <summary>Waits for a renewal.</summary>
    /// <returns>
    /// What it brought; or, if it has not ended in time, a token that may be served instead, which may be the new one
    /// that is still being saved.
    /// </returns>
    /// <exception cref="TokenException">It failed, or has not ended in time and there is no such token.</exception>
    public async Task<(AccessToken Token, bool HasEnded)> ForAsync(
        ConnectionState state,
        SharedRenewal renewal,
        TokenRequirement requirement,
        CallerWait wait,
        CancellationToken cancellationToken
    )
    {
        var hadToken = FindServable(state, requirement) is not null;
        while (!renewal.Result.IsCompleted)
        {
            if (wait.Left < CallerWait.WithToken)
            {
                throw CallerWait.Exceeded(state);
            }

            // Few have a token and wait all the same, so each may have a timer; of the others there may be thousands.
            var interval = hadToken
                ? ((Task)renewal.Result).WaitAsync(CallerWait.WithToken, time, cancellationToken)
                : renewal.EndOrInterval(CallerWait.WithToken, time).WaitAsync(cancellationToken);
            await interval.ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
            );
            cancellationToken.ThrowIfCancellationRequested();
            if (!renewal.Result.IsCompleted && FindServable(state, requirement) is { } token)
            {
                BrokerLog.ServedOld(logger, state.Connection.Key, token.Fingerprint, "waiting for a renewal");
                return (token, false);
            }
        }

        return (await renewer.TokenOfAsync(state, renewal), true);
    }

    /// <summary>
    /// The token that may be served in place of a newer one. To an operator, that is only one as new as was asked for.
    /// </summary>
    public AccessToken? FindServable(ConnectionState state, TokenRequirement requirement)
    {
        if (state.Current is not { } token)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var isServable = requirement.ByOperator
            ? requirement.IsMetBy(token, now, state.Connection.RefreshBefore)
            : requirement.IsServedBy(token, now);
        return isServable ? token : null;
    }
}
