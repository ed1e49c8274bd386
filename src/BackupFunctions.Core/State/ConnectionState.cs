using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;

namespace BackupFunctions.State;

/// <summary>
/// Everything this process knows of one connection: the token in memory, rejected and pending tokens, the last record
/// it saw, the renewal under way. Nothing else changes it. Thread-safe.
/// </summary>
/// <param name="connection">The connection as it is defined now.</param>
/// <param name="replaced">
/// The state before it was defined anew. Only what is under way matters: it may be the same account.
/// </param>
internal sealed partial class ConnectionState(Connection connection, ConnectionState? replaced = null)
{
    /// <summary>While nothing may be tried, the vault is asked for something newer no more often than this.</summary>
    public static readonly TimeSpan VaultInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly RejectedTokens _rejected = new();
    private volatile AccessToken? _current;
    private volatile LedgerEntry _record = LedgerEntry.Empty;
    private DateTimeOffset _nextAttempt;
    private DateTimeOffset _tokenAskedAt;
    private DateTimeOffset _credentialsAskedAt;
    private string? _unreported;

    public Connection Connection => connection;

    /// <summary>The renewal or sign-out under way.</summary>
    public RenewalQueue Renewals { get; } = new(replaced?.Renewals);

    /// <summary>Lets one call of the vendor for this connection run at a time in this process.</summary>
    public VendorGate VendorGate { get; } = replaced?.VendorGate ?? new VendorGate();

    /// <summary>What the vault has not accepted yet.</summary>
    public PendingTokens Pending { get; } = new();

    /// <summary>The connection's record as this process last saw or wrote it.</summary>
    public LedgerEntry Record => _record;

    /// <summary>As far as this process knows, nothing may be tried before this instant.</summary>
    public DateTimeOffset NextAttempt
    {
        get
        {
            lock (_lock)
            {
                return _nextAttempt;
            }
        }
    }

    /// <summary>Too many tokens were rejected lately: none is renewed before this instant.</summary>
    public DateTimeOffset RejectionHoldUntil
    {
        get
        {
            lock (_lock)
            {
                return _rejected.HoldUntil;
            }
        }
    }

    /// <summary>Takes over the record, and when it allows the next attempt.</summary>
    public void Learn(LedgerEntry record)
    {
        lock (_lock)
        {
            _record = record;
            _nextAttempt = record.NextAttempt ?? default;
        }
    }

    /// <summary>Suppresses renewals until an instant; callers keep the current token.</summary>
    public void WaitUntil(DateTimeOffset instant)
    {
        lock (_lock)
        {
            _nextAttempt = instant;
        }
    }

    /// <summary>
    /// Whether the vault may be asked for a token that another process saved: at any time, unless nothing may be tried.
    /// </summary>
    public bool MayLoadToken(DateTimeOffset now)
    {
        lock (_lock)
        {
            var isHeld = _nextAttempt > now || _rejected.HoldUntil > now;
            if (isHeld && (now - _tokenAskedAt).Duration() < VaultInterval)
            {
                return false;
            }

            _tokenAskedAt = now;
            return true;
        }
    }

    /// <summary>Whether the vault may be asked for a newer version of refused credentials.</summary>
    public bool MayCheckCredentials(DateTimeOffset now)
    {
        lock (_lock)
        {
            if ((now - _credentialsAskedAt).Duration() < VaultInterval)
            {
                return false;
            }

            _credentialsAskedAt = now;
            return true;
        }
    }

    /// <summary>Takes over a token, unless a newer one is known.</summary>
    /// <returns>False if the token was rejected.</returns>
    public bool Adopt(AccessToken token)
    {
        lock (_lock)
        {
            if (_rejected.Contains(token.Fingerprint))
            {
                return false;
            }

            if (_current is null || IsNewer(token, _current))
            {
                _current = token;
            }

            return true;
        }
    }

    public bool IsRejected(string fingerprint)
    {
        lock (_lock)
        {
            return _rejected.Contains(fingerprint);
        }
    }

    /// <summary>A caller reports that the vendor did not accept it: the token is never served again.</summary>
    /// <returns>
    /// Whether to tell the other processes now. The renewal that follows tells them of the token in memory, before it
    /// reads the vault; a renewal under way has read the vault already.
    /// </returns>
    public bool Reject(string fingerprint, DateTimeOffset now)
    {
        lock (_lock)
        {
            _rejected.Add(fingerprint);
            if (_current?.Fingerprint != fingerprint)
            {
                return _rejected.MayReport(now);
            }

            _current = null;
            _rejected.Brake(now);
            if (Renewals.IsBusy)
            {
                return true;
            }

            _unreported = fingerprint;
            return false;
        }
    }

    /// <summary>The token rejected last, if the other processes have not been told of it; null from then on.</summary>
    public string? TakeUnreportedRejection() => Interlocked.Exchange(ref _unreported, null);

    /// <summary>Another process reports that the vendor did not accept this token.</summary>
    public void RejectedElsewhere(string fingerprint)
    {
        lock (_lock)
        {
            _rejected.Add(fingerprint);
            if (_current?.Fingerprint == fingerprint)
            {
                _current = null;
            }
        }
    }

    /// <summary>Stops serving the token in memory, whatever it is worth.</summary>
    /// <returns>That token; null if there was none.</returns>
    public AccessToken? Drop() => Interlocked.Exchange(ref _current, null);

    private static bool IsNewer(AccessToken token, AccessToken current) =>
        token.IssuedAt > current.IssuedAt
        || (token.Fingerprint != current.Fingerprint && token.ExpiresAt > current.ExpiresAt);
}
