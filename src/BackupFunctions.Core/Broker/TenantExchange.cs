using System.Runtime.CompilerServices;
using BackupFunctions.Connections;
using BackupFunctions.Diagnostics;
using BackupFunctions.Randomness;
using BackupFunctions.SignIn;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>Asks vendors for tenants' tokens, one call of a connection at a time. Thread-safe.</summary>
internal sealed class TenantExchange(IVendorClient vendor, RandomSource random, TimeProvider time, ILogger logger)
{
    private readonly ConditionalWeakTable<Connection, TenantBackOff> _vendorBackOff = [];

    /// <summary>Waits for its turn and for the vendor, as long as the caller may; the exchange goes on.</summary>
    /// <exception cref="TokenException">There is no token, or not in time.</exception>
    public async Task<AccessToken> RunAsync(
        TenantCall call,
        ConnectionState state,
        AccessToken baseToken,
        CancellationToken cancellationToken
    )
    {
        // Before the queue too: what is known by now is not worth waiting for.
        VendorBackOff(call.Connection).EnsureDue(time.GetUtcNow());
        using var patience = new CancellationTokenSource(LongestWait(call, state), time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var turn = await state.VendorGate.EnterAsync(ended.Token);
            return await FindOrExchangeAsync(call, baseToken, turn).WaitAsync(ended.Token);
        }
        catch (OperationCanceledException)
            when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw CallerWait.Exceeded(
                FailureKind.VendorUnavailable,
                $"The request for a token of {call.Connection.Key} for tenant {call.Tenant}",
                $"{call.Connection.Vendor.Name} has not answered it, or an earlier one, yet.",
                failuresInRow: 0
            );
        }
    }

    private TimeSpan LongestWait(TenantCall call, ConnectionState state)
    {
        var left = call.Wait.Left;
        return left > CallerWait.WithToken && call.FindOld(state, time.GetUtcNow()) is not null
            ? CallerWait.WithToken
            : left;
    }

    /// <summary>Ends its turn at the vendor whether or not anyone still waits for the token.</summary>
    private async Task<AccessToken> FindOrExchangeAsync(TenantCall call, AccessToken baseToken, IDisposable turn)
    {
        using (turn)
        {
            return call.Entry.Find(baseToken, call.Request, time.GetUtcNow()) ?? await ExchangeAsync(call, baseToken);
        }
    }

    private async Task<AccessToken> ExchangeAsync(TenantCall call, AccessToken baseToken)
    {
        var (connection, tenant, entry) = (call.Connection, call.Tenant, call.Entry);
        var vendorBackOff = VendorBackOff(connection);
        vendorBackOff.EnsureDue(time.GetUtcNow());
        entry.EnsureDue(time.GetUtcNow());
        try
        {
            var token = await OperationTimer.VendorCallAsync(connection.Key, time, () =>
                vendor.GetTenantTokenAsync(connection, baseToken, tenant, CancellationToken.None)
            );
            if (!entry.Keep(token, baseToken))
            {
                throw new TokenException(
                    FailureKind.VendorReplyUnusable,
                    $"The vendor granted tenant {tenant} a token again that it had not accepted."
                );
            }

            vendorBackOff.Succeed();
            BrokerLog.TenantTokenObtained(logger, connection.Key, tenant, token.Fingerprint, token.ExpiresAt);
            return token;
        }
        catch (TokenException exception)
        {
            var failure = exception.Failure;
            BrokerLog.TenantTokenFailed(logger, connection.Key, tenant, failure);

            // A vendor that is unavailable, or throttles, is so for every tenant.
            if (failure.Kind is FailureKind.VendorUnavailable or FailureKind.VendorThrottled)
            {
                vendorBackOff.Fail(failure, time.GetUtcNow(), random);
            }

            throw new TokenException(entry.Fail(failure, time.GetUtcNow(), random), exception);
        }
    }

    private TenantBackOff VendorBackOff(Connection connection) => _vendorBackOff.GetOrCreateValue(connection);
}

/// <summary>One caller's request for a tenant's token.</summary>
internal sealed record TenantCall(
    Connection Connection,
    Guid Tenant,
    TenantEntry Entry,
    TokenRequest Request,
    CallerWait Wait
)
{
    /// <summary>The kept token that is served if no newer one can be obtained; null if there is none.</summary>
    public AccessToken? FindOld(ConnectionState state, DateTimeOffset now) =>
        Entry.FindOld(Request, now) is { } old && !state.IsRejected(old.MadeFrom) ? old.Token : null;
}
