namespace BackupFunctions.State;

/// <summary>
/// The tokens that a vendor did not accept, and a brake on renewing them: a caller whose refusal means something else
/// must not hammer a vendor. Not thread-safe.
/// </summary>
internal sealed class RejectedTokens
{
    /// <summary>How many rejected tokens in a row are renewed at once.</summary>
    public const int Burst = 5;

    /// <summary>After the burst, one rejected token is renewed per interval.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Enough that callers' mistakes do not push out the fingerprints that matter: the vault's and the vendor's.
    /// </summary>
    private const int Kept = 1000;

    private readonly HashSet<string> _fingerprints = [];
    private readonly Queue<string> _order = new();
    private readonly Allowance _renewals = new();
    private readonly Allowance _reports = new();

    /// <summary>Too many tokens were rejected lately: none is renewed before this instant.</summary>
    public DateTimeOffset HoldUntil { get; private set; }

    public bool Contains(string fingerprint) => _fingerprints.Contains(fingerprint);

    /// <summary>Remembers a token that must never be served again.</summary>
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

    /// <summary>Whether a renewal may follow a rejection at once.</summary>
    public bool MayRenew(DateTimeOffset now) => _renewals.Left(now) >= 1;

    /// <summary>Counts a rejection that a renewal follows.</summary>
    public void Brake(DateTimeOffset now)
    {
        var left = _renewals.Take(now);
        HoldUntil = left >= 0 ? now : now + (Interval * -left);
    }

    /// <summary>The clock was ahead when a hold began after an instant: it ends as much earlier.</summary>
    public void SetBack(DateTimeOffset rightUpTo, TimeSpan by)
    {
        HoldUntil = _renewals.CountedAt > rightUpTo ? HoldUntil - by : HoldUntil;
        _renewals.SetBack(rightUpTo, by);
        _reports.SetBack(rightUpTo, by);
    }

    /// <summary>
    /// Whether to tell the other processes of a token that this one does not have. They may have it, but a caller who
    /// invents fingerprints must not cause a write at every call.
    /// </summary>
    public bool MayReport(DateTimeOffset now) => _reports.Left(now) >= 1 && _reports.Take(now) >= 0;

    /// <summary>A burst, then one per interval.</summary>
    private sealed class Allowance
    {
        private double _left = Burst;

        /// <summary>When it was taken from last.</summary>
        public DateTimeOffset CountedAt { get; private set; }

        public void SetBack(DateTimeOffset rightUpTo, TimeSpan by) =>
            CountedAt = CountedAt > rightUpTo ? CountedAt - by : CountedAt;

        public double Left(DateTimeOffset now) => Math.Min(Burst, _left + Math.Max(0, (now - CountedAt) / Interval));

        public double Take(DateTimeOffset now)
        {
            _left = Left(now) - 1;
            CountedAt = now;
            return _left;
        }
    }
}
