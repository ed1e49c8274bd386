using System.Runtime.CompilerServices;
using BackupFunctions.Connections;
using BackupFunctions.Diagnostics;
using BackupFunctions.Randomness;
using BackupFunctions.SignIn;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>
/// Tokens scoped to one customer tenant, in memory only. What a vendor refuses here does not affect the connection.
/// </summary>
public sealed class TenantTokens : IDisposable
{
    /// <summary>How many tenants' tokens one process keeps. Of more, the least recently used tenth goes.</summary>
    public const int Capacity = 10_000;

    private readonly Lock _lock = new();
    private readonly MemoryCache _entries = new(new MemoryCacheOptions());
    private readonly ConditionalWeakTable<Connection, TenantBackOff> _vendorBackOff = [];
    private readonly TokenBroker _broker;
    private readonly ConnectionStates _states;
    private readonly IVendorClient _vendor;
    private readonly RandomSource _random;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal TenantTokens(
        TokenBroker broker,
        ConnectionStates states,
        IVendorClient vendor,
        RandomSource random,
        TimeProvider time,
        ILogger<TenantTokens> logger
    ) => (_broker, _states, _vendor, _random, _time, _logger) = (broker, states, vendor, random, time, logger);

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
        var entry = Entry(connection, tenant);
        var isTenants = request.Rejected is { } rejected && entry.Reject(rejected, _time.GetUtcNow());
        var baseRequest = isTenants ? request with { Rejected = null } : request;
        var baseToken = await _broker.GetAsync(connection, baseRequest, cancellationToken);
        try
        {
            return await GetAsync(connection, tenant, entry, baseToken, request, cancellationToken);
        }
        catch (TokenException exception)
            when (exception.Failure is { HttpStatus: 401, Kind: FailureKind.TenantRefused, WasNotTried: false })
        {
            // RFC 6750 section 3.1: 401 is about the bearer, here the base token. A younger one is tried once; the
            // connection keeps the old one if there is none, because a vendor may mean the tenant after all.
            var renew = request with { Rejected = null, Refresh = true };
            var younger = await _broker.GetAsync(connection, renew, cancellationToken);
            if (younger.Fingerprint == baseToken.Fingerprint)
            {
                throw;
            }

            entry.Forget(exception.Failure);
            return await GetAsync(connection, tenant, entry, younger, request, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _entries.Dispose();

    private async Task<AccessToken> GetAsync(
        Connection connection,
        Guid tenant,
        TenantEntry entry,
        AccessToken baseToken,
        TokenRequest request,
        CancellationToken cancellationToken
    )
    {
        if (entry.Find(baseToken, request, _time.GetUtcNow()) is { } kept)
        {
            return kept;
        }

        // Taken once: the connection may be gone before the call is over, or defined anew.
        var state = _states.Of(connection);
        try
        {
            // Before the queue too: what is known by now is not worth waiting for.
            VendorBackOff(connection).EnsureDue(_time.GetUtcNow());
            var turn = await state.VendorGate.EnterAsync(cancellationToken);
            return await FindOrExchangeAsync(connection, tenant, entry, baseToken, request, turn)
                .WaitAsync(cancellationToken);
        }
        catch (TokenException exception)
            when (exception.Failure.Kind != FailureKind.TenantRefused
                && entry.FindOld(request, _time.GetUtcNow()) is { } old
                && !state.IsRejected(old.MadeFrom)
            )
        {
            BrokerLog.ServedOld(_logger, connection.Key, old.Token.Fingerprint, RefreshWindow.NameOf(exception));
            return old.Token;
        }
    }

    /// <summary>Ends its turn at the vendor whether or not anyone still waits for the token.</summary>
    private async Task<AccessToken> FindOrExchangeAsync(
        Connection connection,
        Guid tenant,
        TenantEntry entry,
        AccessToken baseToken,
        TokenRequest request,
        IDisposable turn
    )
    {
        using (turn)
        {
            return entry.Find(baseToken, request, _time.GetUtcNow())
                ?? await ExchangeAsync(connection, tenant, entry, baseToken);
        }
    }

    private async Task<AccessToken> ExchangeAsync(
        Connection connection,
        Guid tenant,
        TenantEntry entry,
        AccessToken baseToken
    )
    {
        var vendorBackOff = VendorBackOff(connection);
        vendorBackOff.EnsureDue(_time.GetUtcNow());
        entry.EnsureDue(_time.GetUtcNow());
        try
        {
            var token = await OperationTimer.VendorCallAsync(connection.Key, _time, () =>
                _vendor.GetTenantTokenAsync(connection, baseToken, tenant, CancellationToken.None)
            );
            if (!entry.Keep(token, baseToken))
            {
                throw new TokenException(
                    FailureKind.VendorReplyUnusable,
                    $"The vendor granted tenant {tenant} a token again that it had answered with 401."
                );
            }

            vendorBackOff.Succeed();
            BrokerLog.TenantTokenObtained(_logger, connection.Key, tenant, token.Fingerprint, token.ExpiresAt);
            return token;
        }
        catch (TokenException exception)
        {
            var failure = exception.Failure;
            BrokerLog.TenantTokenFailed(_logger, connection.Key, tenant, failure);

            // A vendor that is unavailable, or throttles, is so for every tenant.
            if (failure.Kind is FailureKind.VendorUnavailable or FailureKind.VendorThrottled)
            {
                vendorBackOff.Fail(failure, _time.GetUtcNow(), _random);
            }

            throw new TokenException(entry.Fail(failure, _time.GetUtcNow(), _random), exception);
        }
    }

    private TenantBackOff VendorBackOff(Connection connection) => _vendorBackOff.GetOrCreateValue(connection);

    /// <summary>
    /// By the connection, not by its name: aimed at another server, it must not serve the old server's tokens.
    /// </summary>
    private TenantEntry Entry(Connection connection, Guid tenant)
    {
        lock (_lock)
        {
            var key = (connection, tenant);
            if (_entries.TryGetValue(key, out TenantEntry? known) && known is not null)
            {
                return known;
            }

            if (_entries.Count >= Capacity)
            {
                _entries.Compact(0.1);
            }

            return _entries.Set(key, new TenantEntry());
        }
    }
}
