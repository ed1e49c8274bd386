using Microsoft.Extensions.Configuration;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Readies what the first call of a vault needs, while a host is still being put together on another core: sockets, TLS, the way to the
/// server. What it sends tells the vault nothing, and nothing comes of the answer.
/// </summary>
public static class VaultWarmUp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks the vault once. Nobody has to wait for it, and it never throws.</summary>
    /// <param name="configuration">The settings of design.md; without a vault nobody is asked.</param>
    public static Task BeginAsync(IConfiguration configuration) =>
        Uri.TryCreate(configuration["KeyVault:VaultUri"], UriKind.Absolute, out var vault) && vault.Scheme == Uri.UriSchemeHttps
            ? Task.Run(() => AskAsync(vault))
            : Task.CompletedTask;

    private static async Task AskAsync(Uri vault)
    {
        try
        {
            using var client = new HttpClient(VaultClients.CreateNetwork(vault.IsLoopback)) { Timeout = Patience };
            using var response = await client.GetAsync(vault, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // Whoever calls it in earnest says what is wrong.
        }
    }
}
