using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using BackupFunctions.AzureSdk;

namespace BackupFunctions.Settings;

/// <summary>Where storage is: a connection string, or an account that this app's identity may use.</summary>
internal sealed class StorageOptions
{
    /// <summary>
    /// How long storage has for one request. A renewal holds up callers while it waits for the lock, so this is far
    /// shorter than the client's own default of 100 s and 5 retries.
    /// </summary>
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(3);

    /// <summary>A connection string; it may hold a key. Null where the account is used by identity.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The blob endpoint of the account; null where a connection string is used.</summary>
    public Uri? BlobServiceUri { get; init; }

    /// <summary>
    /// Whether only a managed identity may be used (<c>credential=managedidentity</c>), and nothing else is tried.
    /// </summary>
    public bool IsManagedIdentityRequired { get; init; }

    /// <summary>
    /// The client id of a user-assigned identity; null for the system-assigned one, or for what the environment names.
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>A client for the account.</summary>
    /// <param name="adjust">Adjusts the client's options; for tests.</param>
    /// <exception cref="FormatException">The connection string is none.</exception>
    public BlobServiceClient CreateClient(Action<BlobClientOptions>? adjust = null)
    {
        var options = new BlobClientOptions
        {
            Retry = { NetworkTimeout = NetworkTimeout },
            RetryPolicy = new BoundedRetryPolicy(TimeProvider.System),
        };
        adjust?.Invoke(options);
        return ConnectionString is null
            ? new BlobServiceClient(BlobServiceUri, CreateCredential(), options)
            : new BlobServiceClient(ConnectionString, options);
    }

    private TokenCredential CreateCredential()
    {
        if (IsManagedIdentityRequired)
        {
            return new ManagedIdentityCredential(
                ClientId is null
                    ? ManagedIdentityId.SystemAssigned
                    : ManagedIdentityId.FromUserAssignedClientId(ClientId)
            );
        }

        var options = new DefaultAzureCredentialOptions();
        if (ClientId is not null)
        {
            // Only where it is set: the options begin with what AZURE_CLIENT_ID says.
            options.ManagedIdentityClientId = ClientId;
        }

        return new DefaultAzureCredential(options);
    }
}
