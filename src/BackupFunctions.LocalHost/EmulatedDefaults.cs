using BackupFunctions.Connections;
using BackupFunctions.Emulators;
using BackupFunctions.Settings;

namespace BackupFunctions.LocalHost;

/// <summary>
/// Defaults for what the settings leave out: an embedded vault if no vault is set, and with it an emulated vendor for
/// each default connection that the settings leave out. Emulated credentials only ever go to emulated vendors.
/// </summary>
internal static class EmulatedDefaults
{
    /// <summary>Whether the settings leave the vault to this host.</summary>
    public static bool IsVaultEmbedded(IConfiguration settings) =>
        string.IsNullOrWhiteSpace(settings["KeyVault:VaultUri"]);

    /// <summary>Whether every vault is embedded or an emulator on this machine.</summary>
    public static bool AreVaultsEmulated(IConfiguration settings) =>
        IsUnsetOrLoopback(settings["KeyVault:VaultUri"]) && IsUnsetOrLoopback(settings["KeyVault:TokenVaultUri"]);

    /// <summary>Gives the host the user's settings and, below them, the emulators'.</summary>
    public static void AddTo(WebApplicationBuilder builder, IConfiguration settings, EmulatorSuite? suite)
    {
        if (suite is not null)
        {
            builder.Configuration.AddInMemoryCollection(DefaultsFor(settings, suite));
            builder.Services.PostConfigure<BackupFunctionsOptions>(read =>
            {
                read.EmbedsVault = true;
                Withhold(read.Connections, settings, suite);
            });
        }

        builder.Configuration.AddConfiguration(settings);
    }

    /// <summary>
    /// The settings of the emulators. A connection gets all that its emulator has for it, or none if the user's
    /// settings have one of them: an emulated identity never meets another server.
    /// </summary>
    private static Dictionary<string, string?> DefaultsFor(IConfiguration settings, EmulatorSuite suite) =>
        suite
            .ClientSettings()
            .GroupBy(setting => ConfigurationPath.GetParentPath(setting.Key), StringComparer.OrdinalIgnoreCase)
            .Where(section => section.All(setting => string.IsNullOrWhiteSpace(settings[setting.Key])))
            .SelectMany(section => section)
            .ToDictionary(setting => setting.Key, string? (setting) => setting.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Removes each emulated secret that a connection to another server would read: it would be sent there. Secrets of
    /// <c>EmbeddedVault:Secrets</c> are the user's and stay.
    /// </summary>
    private static void Withhold(IReadOnlyList<Connection> connections, IConfiguration settings, EmulatorSuite suite)
    {
        var own = OwnSecrets(settings).Select(NameOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var emulated = suite.Emulators.Select(emulator => emulator.BaseAddress.Authority).ToHashSet();
        var sentElsewhere = connections
            .Where(connection => !emulated.Contains(connection.Server.Authority))
            .SelectMany(connection => connection.Credentials)
            .Select(credential => credential.Name)
            .Where(name => !own.Contains(name));
        foreach (var name in sentElsewhere)
        {
            suite.Vault.Secrets.Remove(name);
        }
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
        var secrets = OwnSecrets(settings).ToList();
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

    private static IEnumerable<IConfigurationSection> OwnSecrets(IConfiguration settings) =>
        settings.GetSection("EmbeddedVault:Secrets").GetChildren();

    private static string NameOf(IConfigurationSection secret) => secret.Key.Replace('_', '-');

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
            // Without the emulated version before it: an older certificate may be used as long as it is there.
            suite.Vault.Secrets.Remove(NameOf(secret));
            suite.Vault.Secrets.Set(NameOf(secret), secret.Value);
            return true;
        }
        catch (VaultRefusalException)
        {
            return false;
        }
    }
}
