using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Testing;

/// <summary>
/// Records log events and finds guarded secrets in them, whether they were guarded before or after. It serves any
/// number of logger factories at once and outlives their disposal.
/// </summary>
/// <param name="maxCharacters">
/// Beyond this much text, the older half of the events is searched for the secrets known by then and forgotten.
/// </param>
public sealed class LogRecorder(long maxCharacters = LogRecorder.DefaultMaxCharacters) : ILoggerProvider
{
    private const long DefaultMaxCharacters = 64_000_000;
    private readonly ConcurrentDictionary<string, string> _fingerprintsBySecret = new(StringComparer.Ordinal);
    private readonly LoggerExternalScopeProvider _scopes = new();
    private readonly Lock _gate = new();
    private readonly Queue<RecordedEvent> _events = new();
    private readonly List<SecretLeak> _leaksOfForgotten = [];
    private readonly List<RecordedEvent> _holes = [];
    private long _characters;

    /// <summary>The events that are still kept.</summary>
    public IReadOnlyList<RecordedEvent> Events
    {
        get
        {
            lock (_gate)
                return [.. _events];
        }
    }

    /// <summary>From now on no event may contain the secret, earlier ones included.</summary>
    /// <returns>The secret, for use in place.</returns>
    /// <exception cref="ArgumentException">The secret is too short to be distinguished from ordinary text.</exception>
    public string Guard(string secret)
    {
        if (secret.Length < SecretScanner.Window)
            throw new ArgumentException(
                $"Many texts contain fewer than {SecretScanner.Window} characters by chance.",
                nameof(secret)
            );
        if (!_fingerprintsBySecret.ContainsKey(secret))
            _fingerprintsBySecret[secret] = FingerprintOf(secret);
        return secret;
    }

    /// <summary>As <see cref="Guard(string)"/>, for a file (a PFX) in base64 and in hexadecimal.</summary>
    public byte[] Guard(byte[] secret)
    {
        Guard(Convert.ToBase64String(secret));
        Guard(Convert.ToHexString(secret));
        Guard(Convert.ToHexStringLower(secret));
        return secret;
    }

    public static string FingerprintOf(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))[..16];

    public IReadOnlyList<SecretLeak> FindLeaks()
    {
        lock (_gate)
            return [.. _leaksOfForgotten, .. Search(_events)];
    }

    /// <exception cref="SecretLeakException">An event contains a guarded secret.</exception>
    /// <exception cref="InvalidOperationException">A line of ours says nothing where a value should be.</exception>
    public void AssertClean()
    {
        if (FindLeaks() is { Count: > 0 } leaks)
            throw new SecretLeakException(leaks);
        lock (_gate)
        {
            if (_holes.Count > 0)
                throw new InvalidOperationException(
                    "Log lines have holes: "
                        + string.Join("; ", _holes.Select(one => $"{one.EventId.Id} {one.Message}").Distinct())
                );
        }
    }

    public ILogger CreateLogger(string categoryName) => new RecordingLogger(this, _scopes, categoryName);

    public void Dispose() { }

    internal void Add(RecordedEvent recorded)
    {
        lock (_gate)
        {
            _events.Enqueue(recorded);
            if (HasHole(recorded))
                _holes.Add(recorded);
            _characters += recorded.Size;
            if (_characters > maxCharacters)
                ForgetOlderHalf();
        }
    }

    // What the framework's formatter writes for a value that is null.
    private static bool HasHole(RecordedEvent recorded) =>
        recorded.Category.StartsWith("BackupFunctions", StringComparison.Ordinal)
        && recorded.Message.Contains("(null)", StringComparison.Ordinal);

    private void ForgetOlderHalf()
    {
        var forgotten = new List<RecordedEvent>();
        while (_characters > maxCharacters / 2)
        {
            forgotten.Add(_events.Dequeue());
            _characters -= forgotten[^1].Size;
        }

        _leaksOfForgotten.AddRange(Search(forgotten));
    }

    private List<SecretLeak> Search(IEnumerable<RecordedEvent> events) =>
        new LeakSearch(_fingerprintsBySecret).In(events);
}
