using BackupFunctions.Connections;
using BackupFunctions.Randomness;
using BackupFunctions.SignIn;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>
/// Tokens scoped to one customer tenant, in memory only. What a vendor refuses here does not affect the connection.
/// </summary>
public sealed class TenantTokens : IDisposable
{
    /// <summary>How many tenants' tokens one process keeps. Of more, the least recently used tenth goes.</summary>
    public const int Capacity = 10_000;

    private readonly TenantEntries _entries = new(Capacity);
    private readonly TokenBroker _broker;
    private readonly ConnectionStates _states;
    private readonly TenantExchange _exchange;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal TenantTokens(
        TokenBroker broker,
        ConnectionStates states,
        IVendorClient vendor,
        RandomSource random,
        TimeProvider time,
        ILogger<TenantTokens> logger
    )
    {
        (_broker, _states, _time, _logger) = (broker, states, time, logger);
        _exchange = new TenantExchange(vendor, random, time, logger);
    }

    /// <summary>Gets a token for one tenant.</summary>
    /// <param name="connection">The connection whose token is exchanged.</param>
    /// <param name="tenant">The customer tenant.</param>
    /// <param name="request">What the caller needs.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <exception cref="TokenException">There is no such token.</exception>
    public async Task<AccessToken> GetAsync(
        Connection connection,
        Guid tenant,
        TokenRequest request,
        CancellationToken cancellationToken
    )
    {
        var wait = new CallerWait(_time);
        var entry = _entries.Of(connection, tenant);
        var call = new TenantCall(connection, tenant, entry, request, wait);
        var isTenants = request.Rejected is { } rejected && entry.Reject(rejected, _time.GetUtcNow());
        var baseRequest = isTenants ? request with { Rejected = null } : request;
        var baseToken = await _broker.GetAsync(connection, baseRequest, wait, cancellationToken);
        try
        {
            return await GetAsync(call, baseToken, cancellationToken);
        }
        catch (TokenException exception)
            when (exception.Failure is { HttpStatus: 401, Kind: FailureKind.TenantRefused, WasNotTried: false })
        {
            // RFC 6750 section 3.1: 401 is about the bearer, here the base token. A younger one is tried once; the
            // connection keeps the old one if there is none, because a vendor may mean the tenant after all.
            var renew = request with { Rejected = null, Refresh = true };
            var younger = await _broker.GetAsync(connection, renew, wait, cancellationToken);
            if (younger.Fingerprint == baseToken.Fingerprint)
            {
                throw;
            }

            entry.Forget(exception.Failure);
            return await GetAsync(call, younger, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _entries.Dispose();

    private async Task<AccessToken> GetAsync(
        TenantCall call,
        AccessToken baseToken,
        CancellationToken cancellationToken
    )
    {
        if (call.Entry.Find(baseToken, call.Request, _time.GetUtcNow()) is { } kept)
        {
            return kept;
        }

        // Taken once: the connection may be gone before the call is over, or defined anew.
        var state = _states.Of(call.Connection);
        try
        {
            return await _exchange.RunAsync(call, state, baseToken, cancellationToken);
        }
        catch (TokenException exception)
            when (exception.Failure.Kind != FailureKind.TenantRefused
                && call.FindOld(state, _time.GetUtcNow()) is { } old
            )
        {
            BrokerLog.ServedOld(_logger, call.Connection.Key, old.Fingerprint, RefreshWindow.NameOf(exception));
            return old;
        }
    }

    /// <summary>Forgets what was issued after an instant, because the clock of its expiry was ahead.</summary>
    internal void DropIssuedAfter(DateTimeOffset instant) => _entries.DropIssuedAfter(instant);
}
