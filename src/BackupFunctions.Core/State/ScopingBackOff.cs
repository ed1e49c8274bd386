using BackupFunctions.Randomness;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;

namespace BackupFunctions.State;

/// <summary>When a tenant's token may be asked for again after that failed. Thread-safe.</summary>
internal sealed class ScopingBackOff
{
    private readonly Lock _gate = new();
    private TokenFailure? _failure;
    private int _failuresInRow;
    private DateTimeOffset _nextAttempt;

    /// <summary>Throws the last failure again while the next attempt is not due.</summary>
    public void EnsureDue(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_failure is { } failure && _nextAttempt > now)
            {
                throw new TokenException(
                    failure with
                    {
                        RetryAfter = failure.NeedsOperator ? null : _nextAttempt - now,
                        WasNotTried = true,
                    }
                );
            }
        }
    }

    /// <summary>Notes a failure.</summary>
    /// <returns>The failure, with the wait before the next attempt where waiting helps.</returns>
    public TokenFailure Fail(TokenFailure failure, DateTimeOffset now, RandomSource random)
    {
        lock (_gate)
        {
            if (failure.WasNotTried)
            {
                return failure;
            }

            var wait = RenewalRules.BackOff(++_failuresInRow, failure.RetryAfter, random.NextDouble());
            (_failure, _nextAttempt) = (failure, now + wait);
            return failure.NeedsOperator ? failure : failure with { RetryAfter = wait };
        }
    }

    /// <summary>It worked.</summary>
    public void Succeed()
    {
        lock (_gate)
        {
            (_failure, _failuresInRow, _nextAttempt) = (null, 0, default);
        }
    }

    /// <summary>Takes a failure back: it was the base token's, and there is another one.</summary>
    public void Forget(TokenFailure failure)
    {
        lock (_gate)
        {
            if (_failure?.HttpStatus == failure.HttpStatus)
            {
                (_failure, _failuresInRow, _nextAttempt) = (null, 0, default);
            }
        }
    }
}
