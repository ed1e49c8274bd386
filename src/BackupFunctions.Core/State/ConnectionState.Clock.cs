using BackupFunctions.Ledger;

namespace BackupFunctions.State;

internal sealed partial class ConnectionState
{
    /// <summary>
    /// The clock was ahead, and right up to an instant: forgets a token that was issued after it, saved or not, and
    /// ends a hold or a wait that began after it by as much earlier.
    /// </summary>
    /// <returns>Whether the last failure was recorded after it.</returns>
    public bool SetBack(DateTimeOffset rightUpTo, TimeSpan by)
    {
        lock (_lock)
        {
            _rejected.SetBack(rightUpTo, by);
            _current = _current?.IssuedAt > rightUpTo ? null : _current;
            Pending.SetBack(rightUpTo, by);
            var isOnRecord = _record.LastFailureAt > rightUpTo;
            _nextAttempt -= isOnRecord && _nextAttempt > rightUpTo ? by - LedgerEntry.ClockPrecision : TimeSpan.Zero;
            return isOnRecord;
        }
    }
}
