using BackupFunctions.Tokens;

namespace BackupFunctions.State;

/// <summary>Which token is served.</summary>
internal sealed partial class ConnectionState
{
    private volatile Func<bool>? _isDoubtful;

    /// <summary>The newest token; never a rejected one, nor one whose session another process may have ended.</summary>
    public AccessToken? Current => _isDoubtful?.Invoke() == true ? null : _current;

    /// <summary>
    /// While a refresh token is spent, the token before it is served only as long as no other process can spend the
    /// same one: vendors take the second use for a theft and end the session.
    /// </summary>
    /// <param name="isJustified">Whether another process may have spent it by now. Asked for every caller.</param>
    /// <returns>Dispose of it when it is known what became of the session.</returns>
    public IDisposable DoubtWhen(Func<bool> isJustified)
    {
        _isDoubtful = isJustified;
        return new Doubt(this);
    }

    /// <summary>
    /// Another process may have ended the session: its token is not served again, wherever it is read from.
    /// </summary>
    public void DistrustCurrent()
    {
        if (_current is { } token)
        {
            RejectedElsewhere(token.Fingerprint);
        }
    }

    private sealed class Doubt(ConnectionState state) : IDisposable
    {
        public void Dispose() => state._isDoubtful = null;
    }

    /// <summary>
    /// Whether a rejection of this token would bring another one at once: there is one already, or a renewal may
    /// follow.
    /// </summary>
    public bool MayReject(string fingerprint, DateTimeOffset now)
    {
        lock (_lock)
        {
            return _current?.Fingerprint != fingerprint || _rejected.MayRenew(now);
        }
    }
}
