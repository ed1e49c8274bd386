using BackupFunctions.Emulators;
using BackupFunctions.Settings;

namespace BackupFunctions.LocalHost;

/// <summary>
/// Fills in what no setting says otherwise: an embedded vault where no vault is set, and with it an emulated vendor for each
/// default connection that nobody has aimed elsewhere.
/// </summary>
internal static class EmulatedDefaults
{
    /// <summary>What makes a connection the user's own: a sign-in address, or an identity.</summary>
    private static readonly string[] OwnKeys =
    [
        "DataCenterUrl",
        "IdentityServiceUrl",
        "Authority",
        "BaseUrl",
        "ClientId",
        "Username",
    ];

    /// <summary>What an own connection still gets, so that another server can be tried with the emulated identity.</summary>
    private static readonly string[] Identities = ["ClientId", "Username"];

    /// <summary>Whether the settings leave the vault to this host.</summary>
    public static bool IsVaultEmbedded(IConfiguration settings) =>
        string.IsNullOrWhiteSpace(settings["KeyVault:VaultUri"]);

    /// <summary>The settings of the emulators, without those that the user's settings replace.</summary>
    public static Dictionary<string, string?> DefaultsFor(IConfiguration settings, EmulatorSuite suite)
    {
        var defaults = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in suite.ClientSettings())
        {
            var name = key[(key.LastIndexOf(':') + 1)..];
            var connection = settings.GetSection(key[..key.LastIndexOf(':')]);
            var isOwn =
                key.StartsWith("Connections:", StringComparison.OrdinalIgnoreCase)
                && OwnKeys.Any(own => !string.IsNullOrWhiteSpace(connection[own]));
            if (!isOwn || Identities.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                defaults[key] = value;
            }
        }

        return defaults;
    }

    /// <summary>Puts the secrets of <c>EmbeddedVault:Secrets</c> into the embedded vault.</summary>
    /// <exception cref="StartRefusedException">There is no embedded vault, or a setting is unknown.</exception>
    public static void Seed(IConfiguration settings, EmulatorSuite? suite)
    {
        var findings = SeedWhatIsGood(settings, suite);
        if (findings.Count > 0)
        {
            throw new StartRefusedException(findings.Select(finding => finding.ToString()));
        }
    }

    /// <summary>The same, but returns what is wrong.</summary>
    public static IReadOnlyList<SettingFinding> SeedWhatIsGood(IConfiguration settings, EmulatorSuite? suite)
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

        findings.AddRange(
            secrets
                .Where(secret => !IsSecret(secret))
                .Select(secret => new SettingFinding(
                    secret.Path,
                    "is not a valid secret.",
                    "Give a name of 1 to 127 letters, digits and hyphens ('_' may stand for '-'), and a value."
                ))
        );
        foreach (var secret in secrets.Where(IsSecret))
        {
            suite?.Vault.Secrets.Set(NameOf(secret), secret.Value!);
        }

        return findings;
    }

    private static bool IsSecret(IConfigurationSection section) =>
        IsSecretName(NameOf(section)) && !string.IsNullOrEmpty(section.Value);

    private static string NameOf(IConfigurationSection secret) => secret.Key.Replace('_', '-');

    private static bool IsSecretName(string name) =>
        name.Length is >= 1 and <= 127
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');
}
