using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>
/// Reads where storage is from the setting that the Functions host itself has for it: <c>AzureWebJobsStorage</c> as a
/// connection string, or <c>AzureWebJobsStorage:accountName</c> or <c>:blobServiceUri</c> with an identity. As in that
/// host, a connection string goes before the others. See
/// https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
/// </summary>
internal static class StorageSettings
{
    private const string Section = "AzureWebJobsStorage";
    private const string AccountName = "accountName";
    private const string BlobServiceUri = "blobServiceUri";
    private const string Credential = "credential";
    private const string ClientId = "clientId";
    private const string ManagedIdentity = "managedidentity";

    /// <summary>
    /// What may stand in the section: the host reads the queue and table endpoints, this app does not.
    /// </summary>
    private static readonly string[] Known =
    [
        AccountName,
        BlobServiceUri,
        "queueServiceUri",
        "tableServiceUri",
        Credential,
        ClientId,
    ];

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="findings">
    /// Where findings go: the full key and what would be right, never the value, which may hold a key.
    /// </param>
    /// <returns>Null if no storage is configured, or if there are findings.</returns>
    public static StorageOptions? Read(IConfiguration configuration, ICollection<SettingFinding> findings)
    {
        var section = configuration.GetSection(Section);
        if (Text(section) is { } connectionString)
        {
            return ReadConnectionString(connectionString, findings);
        }

        return section.GetChildren().Any(child => Text(child) is not null) ? ReadAccount(section, findings) : null;
    }

    private static StorageOptions? ReadConnectionString(string connectionString, ICollection<SettingFinding> findings)
    {
        var options = new StorageOptions { ConnectionString = connectionString };
        try
        {
            var uri = options.CreateClient().Uri;
            if (uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback)
            {
                return options;
            }

            findings.Add(
                Section,
                "leads to a blob endpoint without TLS.",
                "Give a connection string with DefaultEndpointsProtocol=https "
                    + "(http is accepted for a loopback address alone)."
            );
        }
        catch (Exception exception)
            when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            // The message may quote what was given, so it is not passed on.
            findings.Add(
                Section,
                "is not the connection string of a storage account.",
                "Give the whole of one, for example "
                    + "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net, "
                    + $"or set {Section}:{AccountName} instead."
            );
        }

        return null;
    }

    private static StorageOptions? ReadAccount(IConfigurationSection section, ICollection<SettingFinding> findings)
    {
        var before = findings.Count;
        FindUnknown(section, findings);
        var options = new StorageOptions
        {
            BlobServiceUri = ReadUri(section, findings),
            IsManagedIdentityRequired = ReadCredential(section, findings),
            ClientId = ReadClientId(section, findings),
        };
        return findings.Count == before ? options : null;
    }

    private static Uri? ReadUri(IConfigurationSection section, ICollection<SettingFinding> findings)
    {
        if (Text(section.GetSection(BlobServiceUri)) is { } uri)
        {
            return ReadServiceUri(section, uri, findings);
        }

        if (Text(section.GetSection(AccountName)) is not { } account)
        {
            findings.Add(
                $"{section.Path}:{AccountName}",
                "is not set.",
                $"Give the storage account's name, or its blob endpoint in {section.Path}:{BlobServiceUri}."
            );
            return null;
        }

        if (
            account.Length is >= 3 and <= 24
            && account.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character))
        )
        {
            return new Uri($"https://{account}.blob.core.windows.net");
        }

        findings.Add(
            $"{section.Path}:{AccountName}",
            "is not a valid storage account name.",
            "Give 3 to 24 lower-case letters and digits, for example contosobackup."
        );
        return null;
    }

    private static Uri? ReadServiceUri(IConfigurationSection section, string uri, ICollection<SettingFinding> findings)
    {
        // Https even at a loopback address: the Azure SDK sends an identity's token over TLS alone.
        if (SettingUrl.Check(uri) is null && uri.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            return SettingUrl.Parse(uri);
        }

        findings.Add(
            $"{section.Path}:{BlobServiceUri}",
            "is not a blob endpoint that an identity can be used with.",
            "Give an absolute URL that begins with https:// and has neither user nor query, "
                + "for example https://contosobackup.blob.core.windows.net."
        );
        return null;
    }

    private static bool ReadCredential(IConfigurationSection section, ICollection<SettingFinding> findings)
    {
        var credential = Text(section.GetSection(Credential));
        if (credential is null || credential.Equals(ManagedIdentity, StringComparison.OrdinalIgnoreCase))
        {
            return credential is not null;
        }

        findings.Add(
            $"{section.Path}:{Credential}",
            "is not a credential this app supports.",
            $"Give {ManagedIdentity}, or leave it out for the identity that the environment offers."
        );
        return false;
    }

    private static string? ReadClientId(IConfigurationSection section, ICollection<SettingFinding> findings)
    {
        var clientId = Text(section.GetSection(ClientId));
        if (clientId is not null && !Guid.TryParseExact(clientId, "D", out _))
        {
            findings.Add(
                $"{section.Path}:{ClientId}",
                "is not a UUID.",
                "Give the client id of the user-assigned managed identity, "
                    + "like 8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11."
            );
            return null;
        }

        return clientId;
    }

    private static void FindUnknown(IConfigurationSection section, ICollection<SettingFinding> findings)
    {
        foreach (
            var child in section
                .GetChildren()
                .Where(child => !Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
        )
        {
            findings.Add(
                child.Path,
                "is not a setting of this app.",
                $"The settings of {section.Path} are {string.Join(", ", Known)}."
            );
        }
    }

    private static string? Text(IConfigurationSection section) =>
        string.IsNullOrWhiteSpace(section.Value) ? null : section.Value.Trim();
}
