using System.Collections.Concurrent;

namespace BackupFunctions.Emulators;

/// <summary>Sign-ins with a correct password that still need the second factor.</summary>
internal sealed class VeeamPendingSignIns(Func<DateTimeOffset> now, Randomness randomness)
{
    // Not documented; long enough to open an authenticator app.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _pending = new(StringComparer.Ordinal);

    public string Begin()
    {
        var token = randomness.Text(32);
        _pending[token] = now() + Patience;
        return token;
    }

    public bool IsPending(string mfaToken) => _pending.TryGetValue(mfaToken, out var until) && now() < until;

    /// <summary>True for only one caller.</summary>
    public bool TryComplete(string mfaToken) => _pending.TryRemove(mfaToken, out _);
}
