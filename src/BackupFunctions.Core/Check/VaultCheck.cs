using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Settings;
using Microsoft.Extensions.Options;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>
/// Checks what this host may do in each vault, by trying to read and list. Saving is only tried on request, because it
/// always leaves a version behind.
/// </summary>
/// <param name="vaults">The vault with credentials and, if it is another one, the vault with access tokens.</param>
/// <param name="options">The settings.</param>
/// <param name="directory">The connections.</param>
/// <param name="clock">Knows how far this host's own clock is off.</param>
internal sealed class VaultCheck(
    IReadOnlyList<IVaultProbe> vaults,
    IOptions<BackupFunctionsOptions> options,
    ConnectionDirectory directory,
    HostClock clock
)
{
    /// <summary>The secret that <c>--probe-save</c> saves.</summary>
    public const string ProbeName = "backupfunctions-check";

    /// <summary>One step per vault, the credential vault first.</summary>
    public IEnumerable<CheckStep> Steps(CheckRequest request) =>
        vaults.Count == 1
            ? [Step(new Target(vaults[0], "vault"), request)]
            :
            [
                Step(new Target(vaults[0], "credential vault"), request),
                Step(new Target(vaults[1], "token vault", HoldsCredentials: false), request),
            ];

    private CheckStep Step(Target vault, CheckRequest request)
    {
        if (vault.Address == SettingUrl.None)
        {
            var sentence = $"The {vault.Kind} is not checked, because its setting is invalid.";
            return CheckStep.Known(CheckGroup.Vaults, new Finding(VaultUnchecked, vault.Kind, sentence));
        }

        return new CheckStep(
            CheckGroup.Vaults,
            Unreachable(vault, $"{vault.Address.Host} did not answer in time."),
            timeout => CheckAsync(vault, request, timeout)
        );
    }

    private async Task<IReadOnlyList<Finding>> CheckAsync(
        Target vault,
        CheckRequest request,
        CancellationToken cancellationToken
    )
    {
        var get = await vault.Probe.GetAsync(NeededSecret(vault), cancellationToken);
        var clockFinding = ServerClock.FindHost(clock.HostAhead, vault.Subject, vault.Address.Host)
            ?? ServerClock.Find(get.ClockDifference, vault.Subject, vault.Address.Host, clock.HostAhead is not null);
        if (get.Access is not (VaultAccess.Allowed or VaultAccess.Denied))
        {
            var obstacle = Obstacle(vault, get);
            return get.ClockDifference is null ? [obstacle] : [obstacle, clockFinding];
        }

        return
        [
            Judge(
                vault,
                get,
                new Finding(VaultGetAllowed, vault.Subject, "The app can read secrets."),
                new Finding(VaultGetDenied, vault.Subject, Denied("read secrets", "getSecret"))
            ),
            await ListAsync(vault, cancellationToken),
            await SaveAsync(vault, request, cancellationToken),
            clockFinding,
        ];
    }

    /// <summary>Access may be granted per secret, so this tries one that a connection needs.</summary>
    private string NeededSecret(Target vault)
    {
        var connection = directory.Vendors.SelectMany(directory.Of).FirstOrDefault();
        if (!vault.HoldsCredentials)
        {
            return connection?.TokenSecretName ?? ProbeName;
        }

        return connection?.Credentials is [var first, ..] ? first.Name : ProbeName;
    }

    private async Task<Finding> ListAsync(Target vault, CancellationToken cancellationToken)
    {
        var list = await vault.Probe.ListAsync(cancellationToken);
        var isNeeded = vault.HoldsCredentials && options.Value.ReadsConnectionsInVault;
        if (list.Access == VaultAccess.Denied && !isNeeded)
        {
            return new Finding(VaultListUnneeded, vault.Subject, "The app cannot list secrets, and does not need to.");
        }

        var denied = Denied("list secrets, so none can define a connection", "readMetadata");
        return Judge(
            vault,
            list,
            new Finding(VaultListAllowed, vault.Subject, "The app can list secrets."),
            new Finding(VaultListDenied, vault.Subject, denied)
        );
    }

    private static async Task<Finding> SaveAsync(
        Target vault,
        CheckRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!request.ProbesSaving)
        {
            return new Finding(
                VaultSaveUntried,
                vault.Subject,
                "Saving is not tried, because it would leave a version behind. "
                    + "A saved token proves it; otherwise use --probe-save."
            );
        }

        var saved = $"The app can save secrets: it saved a disabled version of {ProbeName}.";
        return Judge(
            vault,
            await vault.Probe.SaveAsync(ProbeName, cancellationToken),
            new Finding(VaultSaveAllowed, vault.Subject, saved),
            new Finding(VaultSaveDenied, vault.Subject, Denied("save secrets", "setSecret"))
        );
    }

    private static Finding Judge(Target vault, VaultProbeResult result, Finding allowed, Finding denied) =>
        result.Access switch
        {
            VaultAccess.Allowed => allowed,
            VaultAccess.Denied => AzureCommands.WithRole(denied, vault.Address, result.Caller),
            _ => Obstacle(vault, result),
        };

    private static string Denied(string what, string action) =>
        $"The app cannot {what}: the data action Microsoft.KeyVault/vaults/secrets/{action}/action is denied. "
        + $"The role {AzureCommands.SecretsOfficer} allows it.";

    /// <summary>What prevents any access at all.</summary>
    private static Finding Obstacle(Target vault, VaultProbeResult result) =>
        result.Access switch
        {
            VaultAccess.Firewall => new Finding(
                VaultFirewall,
                vault.Subject,
                $"The firewall of {vault.Address.Host} blocks this host's address.",
                "Allow the address, or use the vault from inside its network.",
                $"az keyvault network-rule add --name {AzureCommands.NameOf(vault.Address)} "
                    + "--ip-address <this host's address>"
            ),
            VaultAccess.NoIdentity => new Finding(
                VaultIdentity,
                vault.Subject,
                result.Problem!,
                "In Azure, give the app a managed identity, and check AZURE_CLIENT_ID. On your own machine:",
                "az login"
            ),
            _ => Unreachable(vault, result.Problem!),
        };

    private static Finding Unreachable(Target vault, string problem) =>
        new(
            VaultUnreachable,
            vault.Subject,
            problem,
            "Check KeyVault:VaultUri and KeyVault:TokenVaultUri, "
                + $"and that this host can connect to port {vault.Address.Port} there.",
            $"nslookup {vault.Address.Host}"
        );

    private sealed record Target(IVaultProbe Probe, string Kind, bool HoldsCredentials = true)
    {
        public Uri Address => Probe.Address;

        public string Subject => $"{Kind} {AzureCommands.NameOf(Address)}";
    }
}
