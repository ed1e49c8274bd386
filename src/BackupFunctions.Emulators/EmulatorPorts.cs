namespace BackupFunctions.Emulators;

/// <summary>The loopback ports of a suite; 0 is any free port.</summary>
/// <remarks>
/// At <c>VeeamPlain</c> the Veeam emulator also answers in plain http; null for no such port. Its certificate is new at
/// each start, so a settings file that outlives a start cannot pin it. <c>Catalogue</c> is the port of the first of the
/// further vendors; the others follow it.
/// </remarks>
public sealed record EmulatorPorts(
    int Vault,
    int Acronis,
    int AcronisCyberApp,
    int AvePoint,
    int BackupNet,
    int Veeam,
    int TokenVault,
    int? VeeamPlain = null,
    int Catalogue = 0
)
{
    /// <summary>How many ports a suite takes.</summary>
    public static int Count { get; } = 8 + EmulatorSuite.CatalogueTypes.Count;

    /// <summary>Any free ports, for tests.</summary>
    public static EmulatorPorts Free { get; } = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>The ports of the program, the same at every start.</summary>
    public static EmulatorPorts Fixed { get; } = new(7443, 7501, 7502, 7503, 7504, 7505, 7444, 7506, 7507);

    /// <summary>
    /// Consecutive ports: the vault at <paramref name="first"/>, the five vendors, the token vault, Veeam's plain port,
    /// the further vendors by name.
    /// </summary>
    public static EmulatorPorts From(int first) =>
        new(first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7, first + 8);
}
