using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.SignIn;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Simulation;

/// <summary>The vendors' clients, outside the instance's context, and watched.</summary>
internal sealed class WatchedVendors(IVendorClient vendors, World world, Instance instance) : IVendorClient
{
    public async Task<TokenGrant> SignInAsync(SignInContext context, CancellationToken cancellationToken)
    {
        var key = context.Connection.Key;
        world.Checks.SignInBegins(instance, key);
        try
        {
            var grant = await InstanceContext.Outside(() => vendors.SignInAsync(context, cancellationToken));
            world.Checks.SignInSucceeded(key);
            return grant;
        }
        catch (TokenException exception)
        {
            world.Checks.SignInFailed(key, exception.Failure);
            throw;
        }
    }

    public Task<bool> EndSessionAsync(SignInContext context, AccessToken? token, CancellationToken cancellationToken) =>
        InstanceContext.Outside(() => vendors.EndSessionAsync(context, token, cancellationToken));

    public Task<AccessToken> GetTenantTokenAsync(
        Connection connection,
        AccessToken baseToken,
        Guid tenant,
        CancellationToken cancellationToken
    ) => InstanceContext.Outside(() => vendors.GetTenantTokenAsync(connection, baseToken, tenant, cancellationToken));
}

/// <summary>The token store, outside the instance's context.</summary>
internal sealed class OutsideStore(ITokenStore store, World world, Instance instance) : ITokenStore
{
    public ValueTask<AccessToken?> ReadAccessTokenAsync(Connection connection, CancellationToken cancellationToken)
    {
        world.Checks.VaultRead(instance, connection.Key);
        return InstanceContext.Outside(() => store.ReadAccessTokenAsync(connection, cancellationToken));
    }

    public Task<IReadOnlyDictionary<ConnectionKey, TokenMetadata>> ListAccessTokensAsync(
        IReadOnlyCollection<Connection> of,
        CancellationToken cancellationToken
    ) => InstanceContext.Outside(() => store.ListAccessTokensAsync(of, cancellationToken));

    public ValueTask<RefreshToken?> ReadRefreshTokenAsync(Connection connection, CancellationToken cancellationToken) =>
        InstanceContext.Outside(() => store.ReadRefreshTokenAsync(connection, cancellationToken));

    public Task SaveAccessTokenAsync(
        Connection connection,
        AccessToken token,
        WritePriority priority,
        Action ensureMayWrite,
        CancellationToken cancellationToken
    ) =>
        InstanceContext.Outside(() =>
            store.SaveAccessTokenAsync(connection, token, priority, ensureMayWrite, cancellationToken)
        );

    public Task RemoveAsync(Connection connection, CancellationToken cancellationToken) =>
        InstanceContext.Outside(() => store.RemoveAsync(connection, cancellationToken));

    public ValueTask<bool> WasSavedAsync(
        Connection connection,
        RefreshToken token,
        CancellationToken cancellationToken
    ) => InstanceContext.Outside(() => store.WasSavedAsync(connection, token, cancellationToken));

    public ValueTask<RefreshToken?> ReadNewestRefreshTokenAsync(
        Connection connection,
        CancellationToken cancellationToken
    ) => InstanceContext.Outside(() => store.ReadNewestRefreshTokenAsync(connection, cancellationToken));

    public Task SaveRefreshTokenAsync(
        Connection connection,
        RefreshToken token,
        Action ensureMayWrite,
        CancellationToken cancellationToken
    ) =>
        InstanceContext.Outside(() =>
            store.SaveRefreshTokenAsync(connection, token, ensureMayWrite, cancellationToken)
        );
}

/// <summary>The credentials, outside the instance's context.</summary>
internal sealed class OutsideCredentials(ICredentialSource credentials) : ICredentialSource
{
    public ValueTask<Credential?> FindAsync(CredentialName name, bool newest, CancellationToken cancellationToken) =>
        InstanceContext.Outside(() => credentials.FindAsync(name, newest, cancellationToken));

    public ValueTask<Credential?> FindOlderCertificateAsync(
        CredentialName name,
        Credential refused,
        CancellationToken cancellationToken
    ) => InstanceContext.Outside(() => credentials.FindOlderCertificateAsync(name, refused, cancellationToken));
}

/// <summary>The ledger, outside the instance's context.</summary>
internal sealed class OutsideLedger(ILedger ledger) : ILedger
{
    public ValueTask<LedgerEntry> ReadAsync(ConnectionKey key, bool newest, CancellationToken cancellationToken) =>
        InstanceContext.Outside(() => ledger.ReadAsync(key, newest, cancellationToken));

    public ValueTask UpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    ) => InstanceContext.Outside(() => ledger.UpdateAsync(key, change, cancellationToken));

    public ValueTask<bool> TryUpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    ) => InstanceContext.Outside(() => ledger.TryUpdateAsync(key, change, cancellationToken));

    public IAsyncEnumerable<(ConnectionKey Key, LedgerEntry Entry)> ReadChangedAsync(
        Func<ConnectionKey, bool> isWanted,
        CancellationToken cancellationToken
    ) => ledger.ReadChangedAsync(isWanted, cancellationToken);
}
