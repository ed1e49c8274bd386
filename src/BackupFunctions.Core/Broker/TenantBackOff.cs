using BackupFunctions.Randomness;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;

namespace BackupFunctions.Broker;

/// <summary>When a tenant's token may be requested again after that failed. Thread-safe.</summary>
internal sealed class TenantBackOff
{
    private readonly Lock _lock = new();
    private TokenFailure? _failure;
    private int _failuresInRow;
    private DateTimeOffset _nextAttempt;

    /// <summary>Throws the last failure again while the next attempt is not due.</summary>
    public void EnsureDue(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_failure is { } failure && _nextAttempt > now)
            {
                TimeSpan? retryAfter = failure.NeedsOperator ? null : _nextAttempt - now;
                throw new TokenException(failure with { RetryAfter = retryAfter, WasNotTried = true });
            }
        }
    }

    /// <summary>Records a failure.</summary>
    /// <returns>The failure, with the wait before the next attempt if waiting helps.</returns>
    public TokenFailure Fail(TokenFailure failure, DateTimeOffset now, RandomSource random)
    {
        lock (_lock)
        {
            if (failure.WasNotTried)
            {
                return failure;
            }

            var wait = BackOff.After(++_failuresInRow, failure.RetryAfter, random.NextDouble());
            (_failure, _nextAttempt) = (failure, now + wait);
            return failure.NeedsOperator ? failure : failure with { RetryAfter = wait };
        }
    }

    /// <summary>Records a success.</summary>
    public void Succeed()
    {
        lock (_lock)
        {
            (_failure, _failuresInRow, _nextAttempt) = (null, 0, default);
        }
    }

    /// <summary>Takes back a failure that was the base token's, now that there is another base token.</summary>
    public void Forget(TokenFailure failure)
    {
        lock (_lock)
        {
            if (_failure?.HttpStatus == failure.HttpStatus)
            {
                (_failure, _failuresInRow, _nextAttempt) = (null, 0, default);
            }
        }
    }
}
