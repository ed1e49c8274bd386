using BackupFunctions.Connections;
using BackupFunctions.Settings;
using Microsoft.Extensions.Options;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>
/// Checks what this host may do in each vault, by trying to read and list. Saving is only tried on request, because Key Vault
/// offers no way to try it without leaving a version behind.
/// </summary>
/// <param name="vaults">The vault with credentials and, if it is another one, the vault with access tokens.</param>
/// <param name="options">The settings.</param>
/// <param name="directory">The connections.</param>
internal sealed class VaultCheck(
    IReadOnlyList<IVaultProbe> vaults,
    IOptions<BackupFunctionsOptions> options,
    ConnectionDirectory directory
)
{
    /// <summary>The secret that <c>--probe-save</c> saves.</summary>
    public const string ProbeName = "backupfunctions-check";

    /// <summary>One step per vault, the credential vault first.</summary>
    public IEnumerable<CheckStep> Steps(CheckRequest request)
    {
        if (vaults.Count == 1)
        {
            return [Step(vaults[0], "vault", holdsCredentials: true, request)];
        }

        return
        [
            Step(vaults[0], "credential vault", holdsCredentials: true, request),
            Step(vaults[1], "token vault", holdsCredentials: false, request),
        ];
    }

    private CheckStep Step(IVaultProbe vault, string kind, bool holdsCredentials, CheckRequest request)
    {
        if (vault.Address == SettingUrl.None)
        {
            return CheckStep.Known(
                CheckGroup.Vaults,
                new Finding(VaultUnchecked, kind, $"The {kind} is not checked, because its setting is invalid.")
            );
        }

        var subject = $"{kind} {AzureCommands.NameOf(vault.Address)}";
        return new CheckStep(
            CheckGroup.Vaults,
            Unreachable(vault, subject, $"{vault.Address.Host} did not answer in time."),
            timeout => CheckAsync(vault, subject, holdsCredentials, request, timeout)
        );
    }

    private async Task<IReadOnlyList<Finding>> CheckAsync(
        IVaultProbe vault,
        string subject,
        bool holdsCredentials,
        CheckRequest request,
        CancellationToken cancellationToken
    )
    {
        var get = await vault.GetAsync(NeededSecret(holdsCredentials), cancellationToken);
        var clock = ServerClock.Find(get.ClockDifference, subject, vault.Address.Host);
        if (Obstacle(vault, subject, get) is { } obstacle)
        {
            return get.ClockDifference is null ? [obstacle] : [obstacle, clock];
        }

        return
        [
            get.Access == VaultAccess.Allowed
                ? new Finding(VaultGetAllowed, subject, "The app can read secrets.")
                : Denied(VaultGetDenied, subject, ("read secrets", "getSecret"), vault.Address, get.Caller),
            await ListAsync(vault, subject, holdsCredentials, cancellationToken),
            await SaveAsync(vault, subject, request, cancellationToken),
            clock,
        ];
    }

    /// <summary>Access may be granted secret by secret, so a secret that a connection needs is the best one to try.</summary>
    private string NeededSecret(bool holdsCredentials)
    {
        var connection = directory.Vendors.SelectMany(directory.Of).FirstOrDefault();
        if (!holdsCredentials)
        {
            return connection?.TokenSecretName ?? ProbeName;
        }

        return connection?.Credentials is [var first, ..] ? first.Name : ProbeName;
    }

    private async Task<Finding> ListAsync(
        IVaultProbe vault,
        string subject,
        bool holdsCredentials,
        CancellationToken cancellationToken
    )
    {
        var list = await vault.ListAsync(cancellationToken);
        if (list.Access == VaultAccess.Allowed)
        {
            return new Finding(VaultListAllowed, subject, "The app can list secrets.");
        }

        if (Obstacle(vault, subject, list) is { } obstacle)
        {
            return obstacle;
        }

        return holdsCredentials && options.Value.ReadsConnectionsInVault
            ? Denied(
                VaultListDenied,
                subject,
                ("list secrets, so none can define a connection", "readMetadata"),
                vault.Address,
                list.Caller
            )
            : new Finding(VaultListUnneeded, subject, "The app cannot list secrets, and does not need to.");
    }

    private static async Task<Finding> SaveAsync(
        IVaultProbe vault,
        string subject,
        CheckRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!request.ProbesSaving)
        {
            return new Finding(
                VaultSaveUntried,
                subject,
                "Saving is not tried, because it would leave a version behind. "
                    + "A saved token proves it; otherwise use --probe-save."
            );
        }

        var save = await vault.SaveAsync(ProbeName, cancellationToken);
        if (save.Access == VaultAccess.Allowed)
        {
            return new Finding(
                VaultSaveAllowed,
                subject,
                $"The app can save secrets: it saved a disabled version of {ProbeName}."
            );
        }

        return Obstacle(vault, subject, save)
            ?? Denied(VaultSaveDenied, subject, ("save secrets", "setSecret"), vault.Address, save.Caller);
    }

    private static Finding Denied(
        FindingType type,
        string subject,
        (string What, string Action) denied,
        Uri vault,
        Guid? caller
    )
    {
        var finding = new Finding(
            type,
            subject,
            $"The app cannot {denied.What}: the data action Microsoft.KeyVault/vaults/secrets/{denied.Action}/action is denied. "
                + $"The role {AzureCommands.SecretsOfficer} allows it."
        );
        return AzureCommands.WithRole(finding, vault, caller);
    }

    /// <summary>What prevents any access at all; null if nothing does.</summary>
    private static Finding? Obstacle(IVaultProbe vault, string subject, VaultProbeResult result) =>
        result.Access switch
        {
            VaultAccess.Allowed or VaultAccess.Denied => null,
            VaultAccess.Firewall => new Finding(
                VaultFirewall,
                subject,
                $"The firewall of {vault.Address.Host} blocks this host's address.",
                "Allow the address, or use the vault from inside its network.",
                $"az keyvault network-rule add --name {AzureCommands.NameOf(vault.Address)} "
                    + "--ip-address <this host's address>"
            ),
            VaultAccess.NoIdentity => new Finding(
                VaultIdentity,
                subject,
                result.Problem!,
                "In Azure, give the app a managed identity, and check AZURE_CLIENT_ID. On your own machine:",
                "az login"
            ),
            _ => Unreachable(vault, subject, result.Problem!),
        };

    private static Finding Unreachable(IVaultProbe vault, string subject, string problem) =>
        new(
            VaultUnreachable,
            subject,
            problem,
            "Check KeyVault:VaultUri and KeyVault:TokenVaultUri, "
                + $"and that this host can connect to port {vault.Address.Port} there.",
            $"nslookup {vault.Address.Host}"
        );
}
