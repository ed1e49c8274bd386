using BackupFunctions.Renewal;

namespace BackupFunctions.State;

/// <summary>
/// Which tokens a vendor answered with 401, and a brake on renewing them: a caller whose 401 means something else must not
/// hammer a vendor. Not thread-safe.
/// </summary>
internal sealed class RejectedTokens
{
    /// <summary>Enough that the ones that matter, of the vault and of the vendor, are not pushed out by callers' mistakes.</summary>
    private const int Kept = 1000;

    private readonly HashSet<string> _fingerprints = [];
    private readonly Queue<string> _order = new();
    private readonly Allowance _renewals = new();
    private readonly Allowance _reports = new();

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
        var left = _renewals.Take(now);
        HoldUntil = now + (left >= 0 ? TimeSpan.Zero : RenewalRules.RejectionInterval * -left);
    }

    /// <summary>
    /// Whether the other processes are told of a token that this one does not have: they may, but a caller who invents fingerprints
    /// must not make it write at every call.
    /// </summary>
    public bool MayReport(DateTimeOffset now) => _reports.Left(now) >= 1 && _reports.Take(now) >= 0;

    /// <summary>A burst, then one in each interval.</summary>
    private sealed class Allowance
    {
        private double _left = RenewalRules.RejectionBurst;
        private DateTimeOffset _countedAt;

        public double Left(DateTimeOffset now) =>
            Math.Min(
                RenewalRules.RejectionBurst,
                _left + Math.Max(0, (now - _countedAt) / RenewalRules.RejectionInterval)
            );

        public double Take(DateTimeOffset now)
        {
            _left = Left(now) - 1;
            _countedAt = now;
            return _left;
        }
    }
}
