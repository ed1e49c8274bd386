using System.Collections.Concurrent;

namespace BackupFunctions.Emulators;

/// <summary>Every access token a vendor issued, and which of them still work.</summary>
internal sealed class TokenLedger(Func<DateTimeOffset> now)
{
    private readonly ConcurrentDictionary<string, IssuedToken> _issued = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _revoked = new(StringComparer.Ordinal);

    public int Count => _issued.Count;

    public void Add(IssuedToken token) => _issued[token.Value] = token;

    public IssuedToken? Find(string value) => _issued.GetValueOrDefault(value);

    public IssuedToken? FindLive(string value) =>
        Find(value) is { } token
        && now() < token.ExpiresAt
        && !_revoked.ContainsKey(value)
        && (token.Base is null || FindLive(token.Base) is not null)
            ? token
            : null;

    public void RevokeAll() => Revoke(static _ => true);

    public void Revoke(Func<IssuedToken, bool> which)
    {
        foreach (var token in _issued.Values.Where(which))
            _revoked[token.Value] = true;
    }
}
