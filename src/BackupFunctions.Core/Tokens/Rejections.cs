namespace BackupFunctions.Tokens;

/// <summary>
/// Which tokens a vendor answered with 401, and a brake on renewing them: a caller whose 401 means something else must not
/// hammer a vendor. Not thread-safe.
/// </summary>
internal sealed class Rejections
{
    /// <summary>Enough that the ones that matter, of the vault and of the vendor, are not pushed out by callers' mistakes.</summary>
    private const int Kept = 1000;

    private readonly HashSet<string> _fingerprints = [];
    private readonly Queue<string> _order = new();
    private double _left = RenewalRules.RejectionBurst;
    private DateTimeOffset _countedAt;

    /// <summary>Too many tokens were rejected lately: none is renewed before this instant.</summary>
    public DateTimeOffset HoldUntil { get; private set; }

    public bool Contains(string fingerprint) => _fingerprints.Contains(fingerprint);

    /// <summary>Remembers a token that is never handed out again.</summary>
    public void Add(string fingerprint)
    {
        if (!_fingerprints.Add(fingerprint))
        {
            return;
        }

        _order.Enqueue(fingerprint);
        if (_order.Count > Kept)
        {
            _fingerprints.Remove(_order.Dequeue());
        }
    }

    /// <summary>Counts a rejection that a renewal follows.</summary>
    public void Brake(DateTimeOffset now)
    {
        var refilled = (now - _countedAt) / RenewalRules.RejectionInterval;
        _left = Math.Min(RenewalRules.RejectionBurst, _left + Math.Max(0, refilled)) - 1;
        _countedAt = now;
        HoldUntil = now + (_left >= 0 ? TimeSpan.Zero : RenewalRules.RejectionInterval * -_left);
    }
}
