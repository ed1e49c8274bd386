using Microsoft.Extensions.Configuration;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Readies what the first call of a vault needs, while a host is still being put together on another core: sockets, TLS, the way to the
/// server. What it sends tells the vault nothing, and nothing comes of the answer.
/// </summary>
public static class VaultWarmUp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks each vault once. Nobody has to wait for it, and it never throws.</summary>
    /// <param name="configuration">The settings of design.md; without a vault nobody is asked.</param>
    public static Task BeginAsync(IConfiguration configuration)
    {
        List<Uri> vaults = [];
        foreach (var setting in new[] { configuration["KeyVault:TokenVaultUri"], configuration["KeyVault:VaultUri"] })
        {
            if (
                Uri.TryCreate(setting, UriKind.Absolute, out var vault)
                && vault.Scheme == Uri.UriSchemeHttps
                && !vaults.Contains(vault)
            )
            {
                vaults.Add(vault);
            }
        }

        return Task.WhenAll(vaults.Select(vault => Task.Run(() => AskAsync(vault))));
    }

    private static async Task AskAsync(Uri vault)
    {
        try
        {
            using var client = new HttpClient(VaultClients.CreateNetwork(vault.IsLoopback)) { Timeout = Patience };
            using var response = await client.GetAsync(vault, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (Exception)
        {
            // Whoever calls it in earnest says what is wrong.
        }
    }
}
