using BackupFunctions.Credentials;
using BackupFunctions.Settings;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Check;

/// <summary>Adds the command that fixes a finding, or the setting for a vault embedded in the host.</summary>
internal sealed class AzureCommands(IOptions<BackupFunctionsOptions> options)
{
    /// <summary>The role with <c>Microsoft.KeyVault/vaults/secrets/*</c>.</summary>
    public const string SecretsOfficer = "Key Vault Secrets Officer";

    private const string ThisIdentity = "<object id of this host's identity>";

    /// <summary>A vault's name in findings and commands; the address of an emulator.</summary>
    public static string NameOf(Uri vault) => vault.IsLoopback ? vault.Authority : vault.Host.Split('.')[0];

    /// <summary>Adds how to save a new version of a credential.</summary>
    public Finding WithSave(Finding finding, CredentialName name)
    {
        if (options.Value.EmbedsVault)
        {
            return finding with
            {
                Remedy = $"{finding.Remedy} Set it for LocalHost's embedded vault:",
                Command = $"EmbeddedVault__Secrets__{name.Name.Replace('-', '_')}=<its value>",
            };
        }

        var vault = options.Value.VaultUri;
        return vault.IsLoopback
            ? finding
            : finding with
            {
                Command = $"az keyvault {Save(name)} --vault-name {NameOf(vault)} --name {name.Name} {Source(name)}",
            };
    }

    /// <summary>Adds how to give an identity access to a vault.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="vault">The vault.</param>
    /// <param name="identity">The identity's object id; null if it is not known.</param>
    public static Finding WithRole(Finding finding, Uri vault, Guid? identity) =>
        vault.IsLoopback
            ? finding with
            {
                Remedy = "This vault is an emulator: remove the denial there.",
            }
            : finding with
            {
                Remedy = $"Assign the role {SecretsOfficer}; it takes effect within minutes.",
                Command =
                    $"az role assignment create --role \"{SecretsOfficer}\" "
                    + $"--assignee {identity?.ToString() ?? ThisIdentity} "
                    + $"--scope \"$(az keyvault show --name {NameOf(vault)} --query id --output tsv)\"",
            };

    /// <summary>The command that gives an identity access to the blobs of a storage account.</summary>
    public static string AssignBlobRole(string account) =>
        $"az role assignment create --role \"Storage Blob Data Owner\" --assignee {ThisIdentity} "
        + $"--scope \"$(az storage account show --name {account} --query id --output tsv)\"";

    private static string Save(CredentialName name) =>
        name is { IsCertificate: true, Member: null } ? "certificate import" : "secret set";

    private static string Source(CredentialName name)
    {
        if (name.Member is not null)
        {
            return $"--file connection.json --content-type {ConnectionDocument.ContentType}";
        }

        return name.IsCertificate ? "--file certificate.pfx" : "--file secret.txt";
    }
}
