using BackupFunctions.Check.Servers;
using BackupFunctions.Connections;
using BackupFunctions.Settings;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Check;

/// <summary>
/// What this host may do in each vault. Reading and listing are tried. Saving is tried on request alone, because Key Vault has no
/// way to try it that leaves nothing behind.
/// </summary>
internal sealed class VaultCheck(
    VaultAccesses vaults,
    IOptions<BackupFunctionsOptions> options,
    ConnectionDirectory directory
)
{
    /// <summary>The secret that saving is tried with.</summary>
    public const string ProbeName = "backupfunctions-check";

    private readonly bool _isOneVault = ReferenceEquals(vaults.Credentials, vaults.Tokens);

    /// <summary>The steps: one a vault.</summary>
    public IEnumerable<CheckStep> Steps(CheckRequest request)
    {
        yield return Step(
            vaults.Credentials,
            _isOneVault ? "vault" : "credential vault",
            holdsCredentials: true,
            request
        );
        if (!_isOneVault)
        {
            yield return Step(vaults.Tokens, "token vault", holdsCredentials: false, request);
        }
    }

    private CheckStep Step(IVaultAccess vault, string kind, bool holdsCredentials, CheckRequest request)
    {
        var subject = $"{kind} {AzureCommands.NameOf(vault.Address)}";
        if (vault.Address == SettingUrl.None)
        {
            var wrong = new Finding(
                FindingType.VaultUnchecked,
                kind,
                $"The {kind} is not asked, because its setting is wrong."
            );
            return new CheckStep(CheckGroup.Vaults, kind, wrong, _ => Task.FromResult<IReadOnlyList<Finding>>([wrong]));
        }

        return new CheckStep(
            CheckGroup.Vaults,
            subject,
            new Finding(
                FindingType.VaultUnreachable,
                subject,
                $"{vault.Address.Host} did not answer in time.",
                NetworkRemedy(vault)
            ),
            ended => LookAsync(vault, subject, holdsCredentials, request, ended)
        );
    }

    private async Task<IReadOnlyList<Finding>> LookAsync(
        IVaultAccess vault,
        string subject,
        bool holdsCredentials,
        CheckRequest request,
        CancellationToken cancellationToken
    )
    {
        // A secret that is needed: rights may be given secret by secret.
        var first = directory.Vendors.SelectMany(directory.Of).FirstOrDefault();
        var name =
            first is null ? ProbeName
            : !holdsCredentials ? first.TokenSecretName
            : first.Credentials is [var credential, ..] ? credential.Name
            : ProbeName;
        var get = await vault.TryAsync(VaultRight.Get, name, cancellationToken);
        if (Obstacle(vault, subject, get) is { } obstacle)
        {
            return
            [
                obstacle,
                .. get.Clock is { } reading
                    ? [ClockReading.Find(reading, subject, vault.Address.Host)]
                    : Array.Empty<Finding>(),
            ];
        }

        return
        [
            get.Verdict == VaultVerdict.Allowed
                ? new Finding(FindingType.VaultGetAllowed, subject, "Secrets may be read.")
                : Denied(
                    FindingType.VaultGetDenied,
                    vault,
                    subject,
                    "Secrets may not be read",
                    "getSecret/action",
                    get
                ),
            await ListAsync(vault, subject, holdsCredentials, cancellationToken),
            await SaveAsync(vault, subject, request, cancellationToken),
            ClockReading.Find(get.Clock, subject, vault.Address.Host),
        ];
    }

    private async Task<Finding> ListAsync(
        IVaultAccess vault,
        string subject,
        bool holdsCredentials,
        CancellationToken cancellationToken
    )
    {
        var list = await vault.TryAsync(VaultRight.List, ProbeName, cancellationToken);
        var isNeeded = holdsCredentials && options.Value.ReadsConnectionsInVault;
        return list.Verdict == VaultVerdict.Allowed
                ? new Finding(FindingType.VaultListAllowed, subject, "They may be listed.")
            : Obstacle(vault, subject, list) is { } obstacle ? obstacle
            : isNeeded
                ? Denied(
                    FindingType.VaultListDenied,
                    vault,
                    subject,
                    "Secrets may not be listed, so that none can define a connection",
                    "readMetadata/action",
                    list
                )
            : new Finding(FindingType.VaultListUnneeded, subject, "They may not be listed, and need not be.");
    }

    private static async Task<Finding> SaveAsync(
        IVaultAccess vault,
        string subject,
        CheckRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!request.ProbesSaving)
        {
            return new Finding(
                FindingType.VaultSaveUntried,
                subject,
                "Whether they may be saved is not tried: it would leave a version behind. A token that is saved tells, or --probe-save."
            );
        }

        var save = await vault.TryAsync(VaultRight.Set, ProbeName, cancellationToken);
        return save.Verdict == VaultVerdict.Allowed
                ? new Finding(
                    FindingType.VaultSaveAllowed,
                    subject,
                    $"They may be saved: a disabled version of {ProbeName} was."
                )
            : Obstacle(vault, subject, save) is { } obstacle ? obstacle
            : Denied(FindingType.VaultSaveDenied, vault, subject, "Secrets may not be saved", "setSecret/action", save);
    }

    private static Finding Denied(
        FindingType type,
        IVaultAccess vault,
        string subject,
        string what,
        string action,
        VaultTrial trial
    ) =>
        new(
            type,
            subject,
            $"{what}: the data action Microsoft.KeyVault/vaults/secrets/{action} is denied. The role {AzureCommands.SecretsOfficer} allows it.",
            AzureCommands.AssignRole(vault.Address, trial.Caller)
        );

    /// <summary>What stands in the way of any right at all; null if nothing does.</summary>
    private static Finding? Obstacle(IVaultAccess vault, string subject, VaultTrial trial) =>
        trial.Verdict switch
        {
            VaultVerdict.Allowed or VaultVerdict.Denied => null,
            VaultVerdict.Firewall => new Finding(
                FindingType.VaultFirewall,
                subject,
                $"The firewall of {vault.Address.Host} lets nobody in from this host's address.",
                new(
                    "Let the address in, or use the vault from inside its network.",
                    $"az keyvault network-rule add --name {AzureCommands.NameOf(vault.Address)} --ip-address <this host's address>"
                )
            ),
            VaultVerdict.NoIdentity => new Finding(
                FindingType.VaultIdentity,
                subject,
                trial.Detail!,
                new(
                    "In Azure, give the app a managed identity, and check AZURE_CLIENT_ID. On your own machine:",
                    "az login"
                )
            ),
            _ => new Finding(FindingType.VaultUnreachable, subject, trial.Detail!, NetworkRemedy(vault)),
        };

    private static Remedy NetworkRemedy(IVaultAccess vault) =>
        new(
            $"Check KeyVault:VaultUri and KeyVault:TokenVaultUri, and that this host gets to port {vault.Address.Port} there.",
            $"nslookup {vault.Address.Host}"
        );
}
