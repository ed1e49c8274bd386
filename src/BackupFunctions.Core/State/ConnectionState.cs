using BackupFunctions.Connections;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.State;

/// <summary>What one process knows of one connection: the token in memory, what was rejected, what is not saved yet.</summary>
/// <param name="connection">The connection as it is now.</param>
/// <param name="vendor">How to sign in.</param>
/// <param name="replaced">
/// What the process knew of the connection before it was defined otherwise. Nothing of that serves any more, but what is under way
/// for it must not meet what this one begins: it may be the same account.
/// </param>
internal sealed class ConnectionState(Connection connection, IVendor vendor, ConnectionState? replaced = null)
{
    private readonly Task _before = replaced?.UnderWay ?? Task.CompletedTask;
    private readonly Lock _gate = new();
    private readonly RejectedTokens _rejected = new();
    private volatile AccessToken? _current;
    private Flight? _flight;
    private string? _untold;

    public Connection Connection { get; } = connection;

    public IVendor Vendor { get; } = vendor;

    /// <summary>The newest token that is known; never one that was rejected.</summary>
    public AccessToken? Current => _current;

    /// <summary>Lets one vendor call of this connection run at a time in this process.</summary>
    public SemaphoreSlim VendorGate { get; } = replaced?.VendorGate ?? new(1, 1);

    /// <summary>Whether the vendor may be asked for tenants' tokens: one that is away, or throttles, is so for every tenant.</summary>
    public ScopingBackOff Scoping { get; } = new();

    public PendingTokens Unsaved { get; } = new();

    /// <summary>As far as this process knows, nothing may be tried before this instant.</summary>
    public DateTimeOffset NextAttempt { get; set; }

    /// <summary>Why the last attempt failed, as far as this process knows; null after a success.</summary>
    public FailureKind? Failure { get; set; }

    /// <summary>When the vault was last asked for a newer credential while nothing might be tried.</summary>
    public DateTimeOffset CredentialNewsAskedAt { get; set; }

    /// <summary>When the vault was last asked for a newer token while nothing might be tried.</summary>
    public DateTimeOffset TokenNewsAskedAt { get; set; }

    /// <summary>Takes over a token unless it was rejected or a newer one is known.</summary>
    public bool Adopt(AccessToken token)
    {
        lock (_gate)
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
        lock (_gate)
        {
            return _rejected.Contains(fingerprint);
        }
    }

    /// <summary>Too many tokens were rejected lately: none is renewed before this instant.</summary>
    public DateTimeOffset RejectionHoldUntil
    {
        get
        {
            lock (_gate)
            {
                return _rejected.HoldUntil;
            }
        }
    }

    /// <summary>Never hands out this token again.</summary>
    /// <returns>
    /// Whether the other processes are to be told now. Of the token in memory they are told by the renewal that follows, before it looks
    /// into the vault; but one that is under way has looked already.
    /// </returns>
    public bool Reject(string fingerprint, DateTimeOffset now)
    {
        lock (_gate)
        {
            _rejected.Add(fingerprint);
            if (_current?.Fingerprint != fingerprint)
            {
                return _rejected.MayReport(now);
            }

            _current = null;
            _rejected.Brake(now);
            var isUnderWay = _flight is { Task.IsCompleted: false };
            _untold = isUnderWay ? _untold : fingerprint;
            return isUnderWay;
        }
    }

    /// <summary>The token that was rejected last, if the other processes have not been told of it yet; null from then on.</summary>
    public string? TakeUntoldRejection() => Interlocked.Exchange(ref _untold, null);

    /// <summary>Another process heard that the vendor answered 401 to this token.</summary>
    public void RejectedElsewhere(string fingerprint)
    {
        lock (_gate)
        {
            _rejected.Add(fingerprint);
            _current = _current?.Fingerprint == fingerprint ? null : _current;
        }
    }

    /// <summary>Serves the token in memory no more, whatever it is worth: the connection was signed out.</summary>
    /// <returns>That token; null if there was none.</returns>
    public AccessToken? Drop()
    {
        lock (_gate)
        {
            var dropped = _current;
            _current = null;
            return dropped;
        }
    }

    /// <summary>Joins the renewal that is under way, or starts one. An operator's joins only another operator's.</summary>
    /// <param name="byOperator">Whether an operator wants it.</param>
    /// <param name="renew">How to renew.</param>
    /// <param name="started">Whether one was started.</param>
    /// <param name="mayJoin">False for what no other renewal can do in its place: it waits for the one under way, and is started.</param>
    public Task<AccessToken> JoinOrStart(
        bool byOperator,
        Func<Task<AccessToken>> renew,
        out bool started,
        bool mayJoin = true
    )
    {
        lock (_gate)
        {
            if (mayJoin && _flight is { Task.IsCompleted: false } flight && (flight.ByOperator || !byOperator))
            {
                started = false;
                return flight.Task;
            }

            started = true;
            var previous = _flight?.Task ?? _before;
            _flight = new Flight(AfterAsync(previous, renew), byOperator);
            return _flight.Task;
        }
    }

    public bool IsRenewing
    {
        get
        {
            lock (_gate)
            {
                return _flight is { Task.IsCompleted: false };
            }
        }
    }

    /// <summary>Whether the vendor is being asked for a new token.</summary>
    public bool IsAttempting => IsRenewing && VendorGate.CurrentCount == 0;

    private Task UnderWay
    {
        get
        {
            lock (_gate)
            {
                return _flight?.Task ?? _before;
            }
        }
    }

    private static bool IsNewer(AccessToken token, AccessToken current) =>
        token.IssuedAt > current.IssuedAt
        || (token.Fingerprint != current.Fingerprint && token.ExpiresAt > current.ExpiresAt);

    private static async Task<AccessToken> AfterAsync(Task previous, Func<Task<AccessToken>> renew)
    {
        // Off the caller's thread and out of the gate, whatever the renewal does first.
        await previous.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing
                | ConfigureAwaitOptions.ForceYielding
                | ConfigureAwaitOptions.ContinueOnCapturedContext
        );
        return await renew();
    }

    private sealed record Flight(Task<AccessToken> Task, bool ByOperator);
}
