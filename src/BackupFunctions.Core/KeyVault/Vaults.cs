using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Settings;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Options;

namespace BackupFunctions.KeyVault;

/// <summary>The two vaults of the settings; one client each, and one for both where they are the same vault.</summary>
internal sealed class Vaults(IOptions<BackupFunctionsOptions> options, TimeProvider time)
{
    private readonly Lazy<SecretClient> _credentials = new(() => VaultClients.Create(options.Value.VaultUri));

    public ITokenStore CreateTokenStore()
    {
        var isOneVault = options.Value.TokenVaultUri == options.Value.VaultUri;
        return new KeyVaultTokenStore(isOneVault ? _credentials.Value : VaultClients.Create(options.Value.TokenVaultUri), _credentials.Value, time);
    }

    public ICredentialSource CreateCredentialSource() => new KeyVaultCredentials(_credentials.Value, time);
}
