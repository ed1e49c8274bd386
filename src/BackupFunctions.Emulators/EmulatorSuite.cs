namespace BackupFunctions.Emulators;

/// <summary>
/// All vendors and the vault, on loopback ports, with the vault holding what the vendors accept.
/// </summary>
public sealed class EmulatorSuite : IAsyncDisposable
{
    private readonly List<EmulatorHost> _hosts = [];

    private EmulatorSuite(EmulatorOptions options)
    {
        Credentials = options.Credentials;
        Vault = new KeyVaultEmulator(options);
        TokenVault = options.SeparateTokenVault ? new KeyVaultEmulator(options, "token-vault") : null;
        Acronis = new AcronisEmulator(AcronisProduct.CyberProtectCloud, options);
        AcronisCyberApp = new AcronisEmulator(AcronisProduct.CyberApp, options);
        AvePoint = new AvePointEmulator(options);
        BackupNet = new BackupNetEmulator(options);
        Veeam = new VeeamEmulator(options);
        Catalogue = CreateCatalogue(options);
        Vault.Secrets.Seed([
            .. Credentials.VaultSecrets(),
            .. Catalogue.Cast<ICatalogueEmulator>().SelectMany(emulator => emulator.ConnectionSecrets),
        ]);
    }

    /// <summary>The credentials that the vendors accepted and the vault held at the start.</summary>
    public EmulatedCredentials Credentials { get; }

    /// <summary>The vault with the credentials and, without a <see cref="TokenVault"/>, the access tokens.</summary>
    public KeyVaultEmulator Vault { get; }

    /// <summary>The vault for access tokens only; null unless requested.</summary>
    public KeyVaultEmulator? TokenVault { get; }

    public AcronisEmulator Acronis { get; }

    public AcronisEmulator AcronisCyberApp { get; }

    public AvePointEmulator AvePoint { get; }

    public BackupNetEmulator BackupNet { get; }

    public VeeamEmulator Veeam { get; }

    /// <summary>The further vendors, by name.</summary>
    public IReadOnlyList<VendorEmulator> Catalogue { get; }

    /// <summary>
    /// Where <see cref="Veeam"/> also answers in plain http; null without <see cref="EmulatorPorts.VeeamPlain"/>.
    /// </summary>
    public Uri? VeeamPlainAddress { get; private set; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Emulator> Emulators =>
        [
            Vault,
            Acronis,
            AcronisCyberApp,
            AvePoint,
            BackupNet,
            Veeam,
            .. TokenVault is null ? [] : new[] { TokenVault },
            .. Catalogue,
        ];

    /// <summary>New emulators of the further vendors, by name, which nothing serves yet.</summary>
    public static IReadOnlyList<VendorEmulator> CreateCatalogue(EmulatorOptions options) =>
        [
            .. CatalogueTypes
                .Select(type => (VendorEmulator)Activator.CreateInstance(type, options)!)
                .OrderBy(emulator => emulator.Name, StringComparer.Ordinal),
        ];

    /// <summary>The classes of the further vendors.</summary>
    internal static IReadOnlyList<Type> CatalogueTypes { get; } =
    [
        .. typeof(EmulatorSuite)
            .Assembly.GetTypes()
            .Where(static type => type.IsAssignableTo(typeof(ICatalogueEmulator)) && !type.IsAbstract),
    ];

    /// <summary>Starts all of them, or none.</summary>
    /// <exception cref="IOException">A port is in use.</exception>
    public static async Task<EmulatorSuite> StartAsync(
        EmulatorOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new EmulatorOptions();
        var ports = options.Ports
            ?? (options.FirstPort == 0 ? EmulatorPorts.Free : EmulatorPorts.From(options.FirstPort));
        var suite = new EmulatorSuite(options);
        try
        {
            foreach (var (emulator, port) in suite.Emulators.Zip(suite.InOrder(ports)))
            {
                var plainPort = emulator == suite.Veeam ? ports.VeeamPlain : null;
                var host = await EmulatorHost.StartAsync(emulator, port, plainPort, cancellationToken);
                suite._hosts.Add(host);
                suite.VeeamPlainAddress ??= host.PlainAddress;
            }

            return suite;
        }
        catch
        {
            await suite.DisposeAsync();
            throw;
        }
    }

    /// <summary>The settings that a client needs to use this suite; all others keep their defaults.</summary>
    public IReadOnlyDictionary<string, string> ClientSettings()
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["KeyVault:VaultUri"] = Vault.BaseAddress.ToString(),
            ["Connections:Acronis:default:DataCenterUrl"] = Acronis.BaseAddress.ToString(),
            ["Connections:Acronis:default:ClientId"] = Acronis.ClientId,
            ["Connections:AcronisCyberApp:default:DataCenterUrl"] = AcronisCyberApp.BaseAddress.ToString(),
            ["Connections:AcronisCyberApp:default:ClientId"] = AcronisCyberApp.ClientId,
            ["Connections:AvePoint:default:IdentityServiceUrl"] = AvePoint.BaseAddress.ToString(),
            ["Connections:AvePoint:default:ClientId"] = AvePoint.ClientId,
            ["Connections:AvePoint:default:ApiUrl"] = AvePoint.BaseAddress.ToString(),
            ["Connections:BackupNet:default:Authority"] = BackupNet.BaseAddress.ToString(),
            ["Connections:BackupNet:default:ClientId"] = BackupNet.ClientId,
            ["Connections:BackupNet:default:ApiUrl"] = BackupNet.BaseAddress.ToString(),
            ["Connections:Veeam:default:BaseUrl"] = Veeam.BaseAddress.ToString(),
            ["Connections:Veeam:default:Username"] = Veeam.Username,
            ["Connections:Veeam:default:ServerCertificateSha256"] = Veeam.CertificateSha256,
        };
        if (TokenVault is not null)
            settings["KeyVault:TokenVaultUri"] = TokenVault.BaseAddress.ToString();
        foreach (var emulator in Catalogue.Cast<ICatalogueEmulator>())
        {
            foreach (var (name, value) in emulator.ConnectionSettings)
                settings[$"Connections:{emulator.SettingsName}:default:{name}"] = value;
        }

        return settings;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        _hosts.Clear();
    }

    private IReadOnlyList<int> InOrder(EmulatorPorts ports) =>
        [
            ports.Vault,
            ports.Acronis,
            ports.AcronisCyberApp,
            ports.AvePoint,
            ports.BackupNet,
            ports.Veeam,
            .. TokenVault is null ? [] : new[] { ports.TokenVault },
            .. Catalogue.Select((_, index) => ports.Catalogue == 0 ? 0 : ports.Catalogue + index),
        ];
}
