namespace BackupFunctions.Emulators;

/// <summary>A server of one of Veeam's products that share <c>RefreshCatalogue</c>.</summary>
public abstract class VeeamCatalogueEmulator : VeeamEmulator, ICatalogueEmulator
{
    private readonly string _settingsName;

    private protected VeeamCatalogueEmulator(VeeamProduct product, string settingsName, EmulatorOptions options)
        : base(product, options) => _settingsName = settingsName;

    string ICatalogueEmulator.SettingsName => _settingsName;

    IReadOnlyDictionary<string, string> ICatalogueEmulator.ConnectionSettings =>
        new Dictionary<string, string>
        {
            ["BaseUrl"] = BaseAddress.ToString(),
            ["Username"] = Username,
            ["ServerCertificateSha256"] = CertificateSha256,
        };

    IReadOnlyList<EmulatedSecret> ICatalogueEmulator.ConnectionSecrets =>
        [
            new($"{Name}-default-password", Password, "text/plain"),
            .. MfaRequired ? new[] { new EmulatedSecret($"{Name}-default-totp-secret", TotpSecret, "text/plain") } : [],
        ];

    void ICatalogueEmulator.ChangeSecret(string secret) => Password = secret;
}

/// <summary>A Service Provider Console.</summary>
public sealed class VeeamVspcEmulator(EmulatorOptions options)
    : VeeamCatalogueEmulator(VeeamProduct.ServiceProviderConsole, "VeeamVspc", options);

/// <summary>A server of Backup &amp; Replication.</summary>
public sealed class VeeamVbrEmulator(EmulatorOptions options)
    : VeeamCatalogueEmulator(VeeamProduct.BackupAndReplication, "VeeamVbr", options);

/// <summary>A server of Backup for Microsoft 365.</summary>
public sealed class VeeamVb365Emulator(EmulatorOptions options)
    : VeeamCatalogueEmulator(VeeamProduct.BackupForMicrosoft365, "VeeamVb365", options);
