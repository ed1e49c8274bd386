using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Check;
using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Settings;
using BackupFunctions.State;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions.KeyVault;

/// <summary>The two vaults in the settings: one client each, or one for both if they are the same vault.</summary>
internal sealed class Vaults(IOptions<BackupFunctionsOptions> options, HostClock time)
{
    private readonly Lazy<SecretClient> _credentials = new(() => VaultClients.Create(options.Value.VaultUri, time));
    private readonly Lazy<SecretClient> _tokens = new(() => VaultClients.Create(options.Value.TokenVaultUri, time));

    private bool IsOneVault => options.Value.TokenVaultUri == options.Value.VaultUri;

    public ITokenStore CreateTokenStore(ILoggerFactory logs)
    {
        var logger = logs.CreateLogger<KeyVaultTokenStore>();
        var credentialWrites = new VaultWriteLimiter(options.Value.WritesPerTenSeconds, time);
        return IsOneVault
            ? new KeyVaultTokenStore(
                _credentials.Value,
                _credentials.Value,
                time,
                logger,
                credentialWrites,
                credentialWrites
            )
            : new KeyVaultTokenStore(
                _tokens.Value,
                _credentials.Value,
                time,
                logger,
                new VaultWriteLimiter(options.Value.WritesPerTenSeconds, time),
                credentialWrites
            );
    }

    public KeyVaultCredentials CreateCredentialSource() => new(_credentials.Value, time);

    /// <summary>What the check uses: one probe per vault, the credential vault first.</summary>
    public IReadOnlyList<IVaultProbe> CreateProbes()
    {
        var credentials = new VaultProbe(_credentials.Value, time);
        return IsOneVault ? [credentials] : [credentials, new VaultProbe(_tokens.Value, time)];
    }

    /// <summary>The connections that the credential vault defines; none if a setting turns that off.</summary>
    public IConnectionSource CreateConnectionSource(IEnumerable<VendorProfile> vendors, ILoggerFactory logs) =>
        options.Value.ReadsConnectionsInVault
            ? new VaultConnections(
                _credentials.Value,
                new VaultConnectionReader(vendors),
                new ReservedSecretNames(options.Value.Connections, options.Value.Misconfigured),
                time,
                logs.CreateLogger<VaultConnections>()
            )
            : new NoConnections();

    private sealed class NoConnections : IConnectionSource
    {
        public IAsyncEnumerable<IReadOnlyList<Connection>> ReadAsync(CancellationToken cancellationToken) =>
            AsyncEnumerable.Empty<IReadOnlyList<Connection>>();
    }
}
