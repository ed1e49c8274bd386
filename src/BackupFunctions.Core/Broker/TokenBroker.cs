using BackupFunctions.Connections;
using BackupFunctions.Renewal;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>Serves tokens: from memory, from the token vault, from the vendor, in that order. Thread-safe.</summary>
public sealed partial class TokenBroker
{
    private readonly ConnectionStates _states;
    private readonly TokenRenewer _renewer;
    private readonly RefreshWindow _window;
    private readonly RenewalWait _waits;
    private readonly SignOut _signOut;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal TokenBroker(
        ConnectionStates states,
        TokenRenewer renewer,
        SignOut signOut,
        TimeProvider time,
        ILogger<TokenBroker> logger
    )
    {
        (_states, _renewer, _signOut, _time, _logger) = (states, renewer, signOut, time, logger);
        _window = new RefreshWindow(renewer, time, logger);
        _waits = new RenewalWait(renewer, time, logger);
    }

    /// <summary>Gets a token that meets the caller's needs.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="request">What the caller needs.</param>
    /// <param name="cancellationToken">Ends this caller's wait, and nothing else.</param>
    /// <exception cref="TokenException">There is no such token.</exception>
    public ValueTask<AccessToken> GetAsync(
        Connection connection,
        TokenRequest request,
        CancellationToken cancellationToken
    ) => GetAsync(connection, request, wait: null, cancellationToken);

    /// <summary>The same for a caller who may have waited already.</summary>
    internal ValueTask<AccessToken> GetAsync(
        Connection connection,
        TokenRequest request,
        CallerWait? wait,
        CancellationToken cancellationToken
    )
    {
        var state = _states.Of(connection);
        if (state.Current is { } token && request is { Rejected: null, Refresh: false })
        {
            var now = _time.GetUtcNow();
            if (token.IsUsable(now, request.MinimumLifetime) && token.RefreshAt(connection.RefreshBefore) > now)
            {
                return ValueTask.FromResult(token);
            }
        }

        return new ValueTask<AccessToken>(
            GetSlowlyAsync(state, request, wait ?? new CallerWait(_time), cancellationToken)
        );
    }

    /// <inheritdoc cref="TokenRenewer.DrainAsync"/>
    public Task DrainAsync(TimeSpan granted, CancellationToken cancellationToken) =>
        _renewer.DrainAsync(granted, cancellationToken);

    private async Task<AccessToken> GetSlowlyAsync(
        ConnectionState state,
        TokenRequest request,
        CallerWait wait,
        CancellationToken cancellationToken
    )
    {
        NoteRejection(state, request.Rejected);
        var askedAt = _time.GetUtcNow();
        var requirement = new TokenRequirement
        {
            MinimumLifetime = request.MinimumLifetime,
            IssuedSince = request.Refresh ? askedAt - TokenRequirement.YoungEnough : null,
            AskedBy = request.AskedBy,
        };
        while (true)
        {
            if (state.Current is { } token && WillDo(state, requirement, token, askedAt))
            {
                if (await _window.RenewAsync(state, token, request.AskedBy, cancellationToken) is { } served)
                {
                    return served;
                }

                continue;
            }

            try
            {
                if (await ObtainAsync(state, requirement, wait, cancellationToken) is { } obtained)
                {
                    return obtained;
                }
            }
            catch (Exception exception)
                when (!cancellationToken.IsCancellationRequested && _waits.FindServable(state, requirement) is { } old)
            {
                BrokerLog.ServedOld(_logger, state.Connection.Key, old.Fingerprint, RefreshWindow.NameOf(exception));
                return old;
            }
        }
    }

    private void NoteRejection(ConnectionState state, string? fingerprint)
    {
        if (fingerprint is null || state.IsRejected(fingerprint))
        {
            return;
        }

        BrokerLog.Rejected(_logger, state.Connection.Key, fingerprint);
        if (state.Reject(fingerprint, _time.GetUtcNow()))
        {
            _renewer.ReportRejected(state, fingerprint);
        }
    }

    /// <summary>
    /// Starts or joins a renewal. Null if it does not settle this call: what another's renewal brought is judged anew.
    /// </summary>
    private async Task<AccessToken?> ObtainAsync(
        ConnectionState state,
        TokenRequirement requirement,
        CallerWait wait,
        CancellationToken cancellationToken
    )
    {
        var renewal = _renewer.JoinOrStart(state, requirement, out var started);
        var (obtained, hasEnded) = await _waits.ForAsync(state, renewal, requirement, wait, cancellationToken);
        if (hasEnded && (!started || state.IsRejected(obtained.Fingerprint)))
        {
            return null;
        }

        return hasEnded && IsMet(state, requirement, obtained)
            ? await _window.RenewAsync(state, obtained, requirement.AskedBy, cancellationToken)
            : obtained;
    }

    // A token obtained since this call began is as good as it gets, whoever obtained it.
    private bool WillDo(
        ConnectionState state,
        TokenRequirement requirement,
        AccessToken token,
        DateTimeOffset askedAt
    ) =>
        IsMet(state, requirement, token)
        || (token.IssuedAt >= askedAt && token.IsUsable(_time.GetUtcNow(), TimeSpan.Zero));

    private bool IsMet(ConnectionState state, TokenRequirement requirement, AccessToken token) =>
        requirement.IsMetBy(token, _time.GetUtcNow(), state.Connection.RefreshBefore);
}
