namespace BackupFunctions.Emulators;

/// <summary>The sign-ins of the account: each has one live refresh token and remembers the spent ones.</summary>
internal sealed class VeeamSessions(Func<DateTimeOffset> now, Randomness randomness)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, VeeamRefreshToken> _live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _spent = new(StringComparer.Ordinal);
    private int _begun;

    public int Begun => Volatile.Read(ref _begun);

    public VeeamRefreshToken Begin(TimeSpan lifetime)
    {
        Interlocked.Increment(ref _begun);
        return Add(randomness.Hex(8), lifetime);
    }

    /// <summary>Spends a refresh token and issues the session's next one; null if it is not live.</summary>
    public VeeamRefreshToken? Rotate(string value, TimeSpan lifetime)
    {
        lock (_gate)
        {
            if (!_live.Remove(value, out var token) || token.ExpiresAt <= now())
                return null;

            _spent[value] = token.Session;
            return Add(token.Session, lifetime);
        }
    }

    /// <summary>The session that a spent refresh token belonged to.</summary>
    public string? SpentBy(string value)
    {
        lock (_gate)
            return _spent.GetValueOrDefault(value);
    }

    public bool IsLive(string value)
    {
        lock (_gate)
            return _live.TryGetValue(value, out var token) && now() < token.ExpiresAt;
    }

    public void End(string session) => End(token => token.Session == session);

    public void EndAll() => End(static _ => true);

    private void End(Func<VeeamRefreshToken, bool> which)
    {
        lock (_gate)
        {
            foreach (var token in _live.Values.Where(which).ToList())
                _live.Remove(token.Value);
        }
    }

    private VeeamRefreshToken Add(string session, TimeSpan lifetime)
    {
        var token = new VeeamRefreshToken(randomness.Text(48), session, now() + lifetime);
        lock (_gate)
            return _live[token.Value] = token;
    }
}
