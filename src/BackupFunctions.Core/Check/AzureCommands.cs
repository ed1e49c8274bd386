using BackupFunctions.Credentials;
using BackupFunctions.Settings;

namespace BackupFunctions.Check;

/// <summary>Commands of the Azure CLI that mend what was found, to be copied. For a vault that the host embeds they say what to set instead.</summary>
internal static class AzureCommands
{
    /// <summary>The role with <c>Microsoft.KeyVault/vaults/secrets/*</c>.</summary>
    public const string SecretsOfficer = "Key Vault Secrets Officer";

    /// <summary>What a vault is called in findings and commands: its name, or an emulator's address.</summary>
    public static string NameOf(Uri vault) => vault.IsLoopback ? vault.Authority : vault.Host.Split('.')[0];

    /// <summary>Saves a new version of a credential.</summary>
    /// <param name="vaults">Where.</param>
    /// <param name="name">Which.</param>
    /// <param name="words">The same in words. At an emulator that is a program of its own there is no more to say.</param>
    public static Remedy Save(VaultAccesses vaults, CredentialName name, string words) =>
        (vaults, name) switch
        {
            ({ AreEmbedded: true }, _) => new(
                $"{words} LocalHost's own vault takes it as a setting:",
                $"EmbeddedVault__Secrets__{name.Name.Replace('-', '_')}=<its value>"
            ),
            ({ Credentials.Address.IsLoopback: true }, _) => new(words),
            (_, { Member: not null }) => new(
                words,
                $"az keyvault secret set --vault-name {NameOf(vaults.Credentials.Address)} --name {name.Name} --file connection.json --content-type {ConnectionDocument.ContentType}"
            ),
            (_, { IsCertificate: true }) => new(
                words,
                $"az keyvault certificate import --vault-name {NameOf(vaults.Credentials.Address)} --name {name.Name} --file certificate.pfx"
            ),
            _ => new(
                words,
                $"az keyvault secret set --vault-name {NameOf(vaults.Credentials.Address)} --name {name.Name} --file secret.txt"
            ),
        };

    /// <summary>Lets an identity do what it needs to.</summary>
    public static Remedy AssignRole(Uri vault, Guid? identity) =>
        vault.IsLoopback
            ? new("It is an emulated vault: take the denial back there.")
            : new(
                $"Assign the role {SecretsOfficer}; it takes effect within minutes.",
                $"az role assignment create --role \"{SecretsOfficer}\" --assignee {identity?.ToString() ?? "<object id of this host's identity>"} --scope \"$(az keyvault show --name {NameOf(vault)} --query id --output tsv)\""
            );

    /// <summary>Lets an identity use the blobs of a storage account.</summary>
    public static Remedy AssignBlobRole(string account) =>
        new(
            "Assign the role Storage Blob Data Owner, and check the account's firewall.",
            $"az role assignment create --role \"Storage Blob Data Owner\" --assignee <object id of this host's identity> --scope \"$(az storage account show --name {account} --query id --output tsv)\""
        );
}
