using BackupFunctions.Emulators;
using BackupFunctions.Settings;

namespace BackupFunctions.LocalHost;

/// <summary>
/// Defaults for what the settings leave out: an embedded vault if no vault is set, and with it an emulated vendor for
/// each default connection that the settings do not point elsewhere.
/// </summary>
internal static class EmulatedDefaults
{
    /// <summary>A connection with one of these is the user's own.</summary>
    private static readonly string[] OwnKeys =
    [
        "DataCenterUrl",
        "IdentityServiceUrl",
        "Authority",
        "BaseUrl",
        "ClientId",
        "Username",
    ];

    /// <summary>
    /// Defaults that a user's own connection still gets, so that another server can be tried with the emulated
    /// identity.
    /// </summary>
    private static readonly string[] Identities = ["ClientId", "Username"];

    /// <summary>Whether the settings leave the vault to this host.</summary>
    public static bool IsVaultEmbedded(IConfiguration settings) =>
        string.IsNullOrWhiteSpace(settings["KeyVault:VaultUri"]);

    /// <summary>Whether every vault is embedded or an emulator on this machine.</summary>
    public static bool AreVaultsEmulated(IConfiguration settings) =>
        IsUnsetOrLoopback(settings["KeyVault:VaultUri"]) && IsUnsetOrLoopback(settings["KeyVault:TokenVaultUri"]);

    /// <summary>The settings of the emulators, without those that the user's settings replace.</summary>
    public static Dictionary<string, string?> DefaultsFor(IConfiguration settings, EmulatorSuite suite)
    {
        var defaults = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in suite.ClientSettings())
        {
            var section = settings.GetSection(ConfigurationPath.GetParentPath(key)!);
            if (!IsOwnConnection(section) || Identities.Contains(ConfigurationPath.GetSectionKey(key)))
            {
                defaults[key] = value;
            }
        }

        return defaults;
    }

    /// <summary>Puts the secrets of <c>EmbeddedVault:Secrets</c> into the embedded vault.</summary>
    /// <returns>What is wrong.</returns>
    public static IReadOnlyList<SettingFinding> Seed(IConfiguration settings, EmulatorSuite? suite)
    {
        var section = settings.GetSection("EmbeddedVault");
        var findings = section
            .GetChildren()
            .Where(child => !child.Key.Equals("Secrets", StringComparison.OrdinalIgnoreCase))
            .Select(child => new SettingFinding(
                child.Path,
                "is not a setting.",
                "The setting of EmbeddedVault is Secrets:{name}."
            ))
            .ToList();
        var secrets = section.GetSection("Secrets").GetChildren().ToList();
        if (suite is null && secrets.Count > 0)
        {
            findings.Add(
                new SettingFinding(
                    "EmbeddedVault:Secrets",
                    "has no effect together with KeyVault:VaultUri.",
                    "Save the secrets in that vault."
                )
            );
        }

        if (suite is not null)
        {
            findings.AddRange(
                secrets
                    .Where(secret => !TrySet(suite, secret))
                    .Select(secret => new SettingFinding(
                        secret.Path,
                        "is not a valid secret.",
                        "Give a name of 1 to 127 letters, digits and hyphens ('_' may stand for '-'), and a value."
                    ))
            );
        }

        return findings;
    }

    private static bool IsOwnConnection(IConfigurationSection section) =>
        section.Path.StartsWith("Connections:", StringComparison.OrdinalIgnoreCase)
        && OwnKeys.Any(key => !string.IsNullOrWhiteSpace(section[key]));

    private static bool IsUnsetOrLoopback(string? text) =>
        string.IsNullOrWhiteSpace(text) || (Uri.TryCreate(text, UriKind.Absolute, out var vault) && vault.IsLoopback);

    private static bool TrySet(EmulatorSuite suite, IConfigurationSection secret)
    {
        if (string.IsNullOrEmpty(secret.Value))
        {
            return false;
        }

        try
        {
            suite.Vault.Secrets.Set(secret.Key.Replace('_', '-'), secret.Value);
            return true;
        }
        catch (VaultRefusalException)
        {
            return false;
        }
    }
}
