using BackupFunctions.Connections;
using BackupFunctions.Diagnostics;
using BackupFunctions.Randomness;
using BackupFunctions.Renewal;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>
/// Tokens scoped to one customer tenant: kept in memory together with the base token they were made from, at most
/// <see cref="Capacity"/> of them, and never saved. What a vendor refuses here does not touch the connection's own state.
/// </summary>
public sealed class TenantTokens(
    TokenBroker broker,
    RandomSource random,
    TimeProvider time,
    ILogger<TenantTokens> logger
)
{
    /// <summary>How many tenants' tokens one process keeps.</summary>
    public const int Capacity = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(Connection, Guid), TenantEntry> _entries = [];

    /// <summary>Gets a token for one tenant.</summary>
    /// <param name="target">The connection whose token is scoped.</param>
    /// <param name="tenant">The customer tenant.</param>
    /// <param name="query">What the caller needs.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <exception cref="TokenException">There is no token that will do.</exception>
    public async Task<AccessToken> GetAsync(
        VendorConnection target,
        Guid tenant,
        TokenRequest query,
        CancellationToken cancellationToken
    )
    {
        var entry = Entry(target.Connection, tenant);
        var wasScoped = query.Rejected is { } rejected && entry.Reject(rejected, time.GetUtcNow());
        var baseToken = await broker.GetAsync(
            target,
            wasScoped ? query with { Rejected = null } : query,
            cancellationToken
        );
        try
        {
            return await GetAsync(target, tenant, entry, baseToken, query, cancellationToken);
        }
        catch (TokenException exception) when (exception.Failure is { HttpStatus: 401, WasNotTried: false })
        {
            // RFC 6750 section 3.1: 401 is about the bearer, here the base token. A younger one is tried once; the connection
            // keeps the old one if there is none, because a vendor may mean the tenant after all.
            var younger = await broker.GetAsync(
                target,
                query with
                {
                    Rejected = null,
                    Refresh = true,
                },
                cancellationToken
            );
            if (younger.Fingerprint == baseToken.Fingerprint)
            {
                throw;
            }

            entry.Forget(exception.Failure);
            return await GetAsync(target, tenant, entry, younger, query, cancellationToken);
        }
    }

    private async Task<AccessToken> GetAsync(
        VendorConnection target,
        Guid tenant,
        TenantEntry entry,
        AccessToken baseToken,
        TokenRequest query,
        CancellationToken cancellationToken
    )
    {
        if (entry.Find(baseToken, query, time.GetUtcNow()) is { } kept)
        {
            return kept;
        }

        // Once: the connection may be gone before the call is over, or defined otherwise.
        var session = broker.Sessions.Of(target);
        try
        {
            // Before the queue too: what is known by now is not waited for.
            session.Scoping.EnsureDue(time.GetUtcNow());
            await session.VendorGate.WaitAsync(cancellationToken);
            return await FindOrScopeAsync(session, tenant, entry, baseToken, query).WaitAsync(cancellationToken);
        }
        catch (TokenException exception)
            when (exception.Failure.Kind != FailureKind.TenantRefused
                && entry.FindOld(query, time.GetUtcNow()) is { } old
                && !session.IsRejected(old.MadeFrom)
            )
        {
            TokenLog.ServedOld(logger, target.Connection.Key, old.Token.Fingerprint, exception.Failure.Kind.ToString());
            return old.Token;
        }
    }

    /// <summary>Called with the right to call the vendor, which it gives back whether or not somebody still waits for it.</summary>
    private async Task<AccessToken> FindOrScopeAsync(
        ConnectionState session,
        Guid tenant,
        TenantEntry entry,
        AccessToken baseToken,
        TokenRequest query
    )
    {
        try
        {
            return entry.Find(baseToken, query, time.GetUtcNow())
                ?? await ScopeAsync(session, tenant, entry, baseToken);
        }
        finally
        {
            session.VendorGate.Release();
        }
    }

    private async Task<AccessToken> ScopeAsync(
        ConnectionState session,
        Guid tenant,
        TenantEntry entry,
        AccessToken baseToken
    )
    {
        var (connection, vendor) = (session.Connection, session.Scoping);
        vendor.EnsureDue(time.GetUtcNow());
        entry.EnsureDue(time.GetUtcNow());
        try
        {
            var token = await OperationTimer.VendorCallAsync(connection.Key, time, () =>
                session.Vendor.ScopeToTenantAsync(connection, baseToken, tenant, CancellationToken.None)
            );
            if (!entry.Keep(token, baseToken))
            {
                throw new TokenException(
                    FailureKind.VendorReplyUnusable,
                    $"The vendor granted tenant {tenant} once more a token that it had answered with 401."
                );
            }

            vendor.Succeed();
            TokenLog.Scoped(logger, connection.Key, tenant, token.Fingerprint, token.ExpiresAt);
            return token;
        }
        catch (TokenException exception)
        {
            var failure = exception.Failure;
            TokenLog.ScopeFailed(
                logger,
                connection.Key,
                tenant,
                failure.Kind,
                failure.HttpStatus,
                failure.OAuthError,
                failure.Detail
            );
            if (failure.Kind is FailureKind.VendorUnavailable or FailureKind.VendorThrottled)
            {
                vendor.Fail(failure, time.GetUtcNow(), random);
            }

            throw new TokenException(entry.Fail(failure, time.GetUtcNow(), random), exception);
        }
    }

    /// <summary>Of the connection as it is, not of its name: aimed at another server it must not serve tokens of the old one.</summary>
    private TenantEntry Entry(Connection connection, Guid tenant)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue((connection, tenant), out var known))
            {
                known.LastUsed = time.GetTimestamp();
                return known;
            }

            if (_entries.Count >= Capacity)
            {
                // A tenth at once, so that a full cache does not sort itself at every new tenant.
                foreach (
                    var old in _entries
                        .OrderBy(pair => pair.Value.LastUsed)
                        .Take(Capacity / 10)
                        .Select(pair => pair.Key)
                        .ToList()
                )
                {
                    _entries.Remove(old);
                }
            }

            return _entries[(connection, tenant)] = new TenantEntry { LastUsed = time.GetTimestamp() };
        }
    }
}
