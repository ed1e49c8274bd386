using BackupFunctions.Connections;
using BackupFunctions.Renewal;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>Hands tokens out: from memory, from the token vault, from the vendor, in that order. Thread-safe.</summary>
public sealed class TokenBroker
{
    private readonly TokenRefresher _refresher;
    private readonly SignOut _signOut;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal TokenBroker(TokenRefresher refresher, SignOut signOut, TimeProvider time, ILogger<TokenBroker> logger)
    {
        _refresher = refresher;
        _signOut = signOut;
        _time = time;
        _logger = logger;
    }

    /// <summary>What this process knows of each connection.</summary>
    internal ConnectionStates Sessions { get; } = new();

    /// <summary>Gets a token that will do for the caller.</summary>
    /// <param name="target">Whose token.</param>
    /// <param name="query">What the caller needs.</param>
    /// <param name="cancellationToken">Ends this caller's wait, and nothing else.</param>
    /// <exception cref="TokenException">There is no token that will do.</exception>
    public ValueTask<AccessToken> GetAsync(
        VendorConnection target,
        TokenRequest query,
        CancellationToken cancellationToken
    )
    {
        var session = Sessions.Of(target);
        if (session.Current is { } token && query is { Rejected: null, Refresh: false })
        {
            var now = _time.GetUtcNow();
            if (token.IsUsable(now, query.MinimumLifetime) && token.RefreshAt(target.Connection.RefreshBefore) > now)
            {
                return ValueTask.FromResult(token);
            }
        }

        return new ValueTask<AccessToken>(GetSlowlyAsync(session, query, cancellationToken));
    }

    /// <summary>Renews now, whatever back-off says: an operator's word.</summary>
    /// <param name="target">Whose token.</param>
    /// <param name="cancellationToken">Ends this caller's wait, and nothing else.</param>
    /// <exception cref="TokenException">The attempt failed.</exception>
    public Task<AccessToken> RefreshNowAsync(VendorConnection target, CancellationToken cancellationToken)
    {
        var goal = new TokenRequirement { IssuedSince = _time.GetUtcNow(), OverridesBackOff = true };
        return _refresher.JoinOrStart(Sessions.Of(target), goal, out _).WaitAsync(cancellationToken);
    }

    /// <summary>Signs in with a one-time code that a person gave, whatever back-off says.</summary>
    /// <param name="target">Whose token; its vendor has an enrolment.</param>
    /// <param name="code">The code.</param>
    /// <param name="cancellationToken">Ends this caller's wait, and nothing else.</param>
    /// <exception cref="TokenException">
    /// The attempt failed; <see cref="FailureKind.CredentialsRefused"/> where the code or the password was refused.
    /// </exception>
    public Task<AccessToken> EnrolAsync(VendorConnection target, SecretText code, CancellationToken cancellationToken)
    {
        var goal = new TokenRequirement { OverridesBackOff = true, OneTimeCode = code };
        return _refresher.JoinOrStart(Sessions.Of(target), goal, out _).WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Signs the connection out: ends its session at the vendor where that has a way, removes its tokens from memory and from the vaults,
    /// and hands nothing out until an operator renews or enrols it.
    /// </summary>
    /// <param name="target">Which connection.</param>
    /// <param name="cancellationToken">Ends this caller's wait, and nothing else.</param>
    /// <exception cref="TokenException">It is signed out, but a vault has not let go of its tokens.</exception>
    public Task<SignOutReport> SignOutAsync(VendorConnection target, CancellationToken cancellationToken) =>
        _signOut.Start(Sessions.Of(target)).WaitAsync(cancellationToken);

    /// <summary>Waits for the renewals and saves that are under way, so that a shutdown does not tear them.</summary>
    /// <param name="cancellationToken">Ends the wait, not the renewals.</param>
    public Task DrainAsync(CancellationToken cancellationToken) => _refresher.DrainAsync(cancellationToken);

    /// <summary>Sees to it that a token will not be in its refresh window at an instant.</summary>
    /// <returns>Whether the vendor or the vault had to be asked; false if the token in memory will do.</returns>
    internal Task<bool> KeepFreshAsync(
        VendorConnection target,
        DateTimeOffset freshAt,
        CancellationToken cancellationToken
    ) => KeepFreshAsync(target, freshAt, tick: default, cancellationToken);

    /// <summary>The same, some ticks early for some: <see cref="RenewalJitter"/>.</summary>
    internal async Task<bool> KeepFreshAsync(
        VendorConnection target,
        DateTimeOffset freshAt,
        TimeSpan tick,
        CancellationToken cancellationToken
    )
    {
        var session = Sessions.Of(target);
        var goal = new TokenRequirement { FreshAt = freshAt, Tick = tick };
        var askedAt = _time.GetUtcNow();
        for (var hasAsked = false; ; hasAsked = true)
        {
            if (session.Current is { } token && goal.IsMetBy(token, _time.GetUtcNow(), target.Connection.RefreshBefore))
            {
                return hasAsked;
            }

            // What a caller's renewal found in the vault may be fresh enough for that caller, and still be due before the next tick.
            var obtained = await _refresher.JoinOrStart(session, goal, out var started).WaitAsync(cancellationToken);
            if (started || obtained.IssuedAt >= askedAt)
            {
                return true;
            }
        }
    }

    private async Task<AccessToken> GetSlowlyAsync(
        ConnectionState session,
        TokenRequest query,
        CancellationToken cancellationToken
    )
    {
        if (query.Rejected is { } fingerprint && !session.IsRejected(fingerprint))
        {
            TokenLog.Rejected(_logger, session.Connection.Key, fingerprint);
            if (session.Reject(fingerprint, _time.GetUtcNow()))
            {
                _refresher.ReportRejected(session, fingerprint);
            }
        }

        var goal = new TokenRequirement
        {
            MinimumLifetime = query.MinimumLifetime,
            IssuedSince = query.Refresh ? _time.GetUtcNow() - RenewalRules.YoungEnough : null,
        };
        var askedAt = _time.GetUtcNow();
        while (true)
        {
            // A token obtained since this call began is as good as it gets, whoever obtained it.
            if (
                session.Current is { } token
                && (
                    IsMet(session, goal, token)
                    || (token.IssuedAt >= askedAt && token.IsUsable(_time.GetUtcNow(), TimeSpan.Zero))
                )
            )
            {
                if (await RenewInWindowAsync(session, token, cancellationToken) is { } served)
                {
                    return served;
                }

                continue;
            }

            try
            {
                var obtained = await _refresher
                    .JoinOrStart(session, goal, out var started)
                    .WaitAsync(cancellationToken);

                // What this very call obtained is judged no further; what another's brought is judged above, by this one's needs.
                if (
                    started
                    && !session.IsRejected(obtained.Fingerprint)
                    && (
                        IsMet(session, goal, obtained)
                            ? await RenewInWindowAsync(session, obtained, cancellationToken)
                            : obtained
                    )
                        is { } served
                )
                {
                    return served;
                }
            }
            catch (Exception exception)
                when (!cancellationToken.IsCancellationRequested && Fallback(session, goal) is { } old)
            {
                TokenLog.ServedOld(_logger, session.Connection.Key, old.Fingerprint, NameOf(exception));
                return old;
            }
        }
    }

    private bool IsMet(ConnectionState session, TokenRequirement goal, AccessToken token) =>
        goal.IsMetBy(token, _time.GetUtcNow(), session.Connection.RefreshBefore);

    private AccessToken? Fallback(ConnectionState session, TokenRequirement goal) =>
        session.Current is { } token && goal.IsServedBy(token, _time.GetUtcNow()) ? token : null;

    /// <summary>
    /// Inside the refresh window a renewal is tried. Whoever starts it waits a moment for it; the old token, which is still
    /// usable, is served if it takes longer or fails, and to everybody who comes meanwhile.
    /// </summary>
    /// <returns>Null if what was obtained has been rejected already: somebody read it in the vault.</returns>
    private async Task<AccessToken?> RenewInWindowAsync(
        ConnectionState session,
        AccessToken token,
        CancellationToken cancellationToken
    )
    {
        var now = _time.GetUtcNow();
        if (token.RefreshAt(session.Connection.RefreshBefore) > now || session.NextAttempt > now || session.IsRenewing)
        {
            return token;
        }

        var renewal = _refresher.JoinOrStart(session, new TokenRequirement { FreshAt = now }, out _);
        AccessToken renewed;
        try
        {
            renewed = await renewal.WaitAsync(RenewalRules.PatienceInWindow, _time, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It was usable when it was asked for. Only a token that has died, been rejected or been signed out since is no answer.
            if (
                session.Current is not null
                && !session.IsRejected(token.Fingerprint)
                && token.IsUsable(_time.GetUtcNow(), TimeSpan.Zero)
            )
            {
                TokenLog.ServedOld(_logger, session.Connection.Key, token.Fingerprint, NameOf(exception));
                return token;
            }

            renewed = await renewal.WaitAsync(cancellationToken);
        }

        return session.IsRejected(renewed.Fingerprint) ? null : renewed;
    }

    private static string NameOf(Exception exception) =>
        exception is TokenException { Failure.Kind: var kind } ? kind.ToString() : exception.GetType().Name;
}
