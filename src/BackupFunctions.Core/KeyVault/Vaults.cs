using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Settings;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions.KeyVault;

/// <summary>The two vaults of the settings; one client each, and one for both where they are the same vault.</summary>
internal sealed class Vaults(IOptions<BackupFunctionsOptions> options, TimeProvider time)
{
    private readonly Lazy<SecretClient> _credentials = new(() => VaultClients.Create(options.Value.VaultUri, time));

    public ITokenStore CreateTokenStore()
    {
        var isOneVault = options.Value.TokenVaultUri == options.Value.VaultUri;
        var credentialWrites = new RateBudget(options.Value.WritesPerTenSeconds, time);
        return isOneVault
            ? new KeyVaultTokenStore(_credentials.Value, _credentials.Value, time, credentialWrites, credentialWrites)
            : new KeyVaultTokenStore(
                VaultClients.Create(options.Value.TokenVaultUri, time), _credentials.Value, time, new RateBudget(options.Value.WritesPerTenSeconds, time), credentialWrites);
    }

    public ICredentialSource CreateCredentialSource() => new KeyVaultCredentials(_credentials.Value, time);

    /// <summary>The connections that the credential vault defines; none where a setting says so.</summary>
    public IConnectionSource CreateConnectionSource(IEnumerable<IVendor> vendors, ILoggerFactory logs) =>
        options.Value.ReadsConnectionsInVault
            ? new VaultConnections(
                _credentials.Value, new VaultConnectionReader(vendors), new TakenSecretNames(options.Value.Connections), time, logs.CreateLogger<VaultConnections>())
            : new NoConnections();

    private sealed class NoConnections : IConnectionSource
    {
        public IAsyncEnumerable<IReadOnlyList<VendorConnection>> ReadAsync(CancellationToken cancellationToken) =>
            AsyncEnumerable.Empty<IReadOnlyList<VendorConnection>>();
    }
}
