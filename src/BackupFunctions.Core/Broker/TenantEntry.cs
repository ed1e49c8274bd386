using BackupFunctions.Randomness;
using BackupFunctions.Renewal;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Broker;

/// <summary>What is known of one tenant's token.</summary>
internal sealed class TenantEntry
{
    private readonly Lock _gate = new();
    private readonly RejectedTokens _rejected = new();
    private readonly TenantBackOff _backOff = new();
    private AccessToken? _token;
    private string? _madeFrom;

    /// <summary>Never serves this token again.</summary>
    /// <returns>Whether it is known as one of this tenant's.</returns>
    public bool Reject(string fingerprint, DateTimeOffset now)
    {
        lock (_gate)
        {
            var isKnown = _rejected.Contains(fingerprint);
            _rejected.Add(fingerprint);
            if (_token?.Fingerprint == fingerprint)
            {
                _token = null;
                _rejected.Brake(now);
                isKnown = true;
            }

            return isKnown;
        }
    }

    /// <summary>The kept token, if it was made from this base token and meets the request.</summary>
    public AccessToken? Find(AccessToken baseToken, TokenRequest request, DateTimeOffset now)
    {
        var requirement = new TokenRequirement
        {
            MinimumLifetime = request.MinimumLifetime,
            IssuedSince = request.Refresh ? now - TokenRequirement.YoungEnough : null,
        };
        lock (_gate)
        {
            return _token is { } token && _madeFrom == baseToken.Fingerprint && requirement.IsMetBy(token, now, null)
                ? token
                : null;
        }
    }

    /// <summary>
    /// The kept token if it is still usable, whatever base token it was made from; it is served if no newer one can be
    /// obtained.
    /// </summary>
    public (AccessToken Token, string MadeFrom)? FindOld(TokenRequest request, DateTimeOffset now)
    {
        lock (_gate)
        {
            return
                _token is { } token
                && new TokenRequirement { MinimumLifetime = request.MinimumLifetime }.IsServedBy(token, now)
                ? (token, _madeFrom!)
                : null;
        }
    }

    /// <summary>Forgets the token if it was issued after an instant.</summary>
    public void DropIssuedAfter(DateTimeOffset instant)
    {
        lock (_gate)
        {
            if (_token?.IssuedAt > instant)
            {
                _token = null;
            }
        }
    }

    /// <summary>Keeps a new token; false if it is one that was rejected.</summary>
    public bool Keep(AccessToken token, AccessToken baseToken)
    {
        lock (_gate)
        {
            if (_rejected.Contains(token.Fingerprint))
            {
                return false;
            }

            (_token, _madeFrom) = (token, baseToken.Fingerprint);
            _backOff.Succeed();
            return true;
        }
    }

    /// <summary>Throws the last failure again while the next attempt is not due.</summary>
    public void EnsureDue(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_rejected.HoldUntil > now)
            {
                throw new TokenException(
                    new TokenFailure(
                        FailureKind.BackingOff,
                        "Not retrying this tenant yet. Callers rejected several of its tokens in a row."
                    )
                    {
                        RetryAfter = _rejected.HoldUntil - now,
                        WasNotTried = true,
                    }
                );
            }
        }

        _backOff.EnsureDue(now);
    }

    /// <summary>Takes back a failure that was the base token's, now that there is another base token.</summary>
    public void Forget(TokenFailure failure) => _backOff.Forget(failure);

    /// <summary>Records a failure.</summary>
    /// <returns>The failure, with the wait before the next attempt if waiting helps.</returns>
    public TokenFailure Fail(TokenFailure failure, DateTimeOffset now, RandomSource random) =>
        _backOff.Fail(failure, now, random);
}
