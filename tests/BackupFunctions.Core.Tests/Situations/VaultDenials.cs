using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Emulators;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>What an operator must correct in the vault, while callers ask ten times a second.</summary>
internal static class VaultDenials
{
    private const string Source = "300 callers while vault access is denied, tried on the product";
    private const string Sibling = $"sibling of {Source}";

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Asked(Source, "acronis", "access is denied", "vault-access-denied", world => world.Vault.Deny(Endpoints.Get)),
        Asked(Sibling, "veeam", "access is denied", "vault-access-denied", world => world.Vault.Deny(Endpoints.Get)),
        Asked(Sibling, "acronis", "the secret is missing", "credential-missing", world =>
            world.Vault.Secrets.Delete("acronis-default-client-secret")
        ),
        Asked(Sibling, "backupnet", "the secret is disabled", "credential-missing", world =>
            world.Vault.Secrets.Disable("backupnet-default-client-secret")
        ),
        Asked(Sibling, "avepoint", "the only certificate is disabled", "credential-missing", world =>
            world.Vault.Secrets.Disable("avepoint-default")
        ),
    ];

    private static Situation Asked(string source, string vendor, string what, string problem, Action<World> input) =>
        new(source, $"impatient callers of {vendor} while {what}", $"424 {problem}, few reads", () =>
            Seen.ByImpatientCallersAsync(vendor, input)
        );
}
