using BackupFunctions.Settings;
using BackupFunctions.Tokens;

namespace BackupFunctions.Check;

/// <summary>Commands of the Azure CLI that mend what was found, to be copied. For an emulated vault they say what to set instead.</summary>
internal static class AzureCommands
{
    /// <summary>The role with <c>Microsoft.KeyVault/vaults/secrets/*</c>.</summary>
    public const string SecretsOfficer = "Key Vault Secrets Officer";

    /// <summary>What a vault is called in findings and commands: its name, or an emulator's address.</summary>
    public static string NameOf(Uri vault) => vault.IsLoopback ? vault.Authority : vault.Host.Split('.')[0];

    /// <summary>Saves a new version of a credential.</summary>
    /// <param name="vault">Where.</param>
    /// <param name="name">Which.</param>
    /// <param name="words">The same in words.</param>
    public static Remedy Save(Uri vault, CredentialName name, string words) => new(vault.IsLoopback ? $"{words} LocalHost's own vault takes it as a setting:" : words, (vault.IsLoopback, name) switch
    {
        (true, _) => $"EmbeddedVault__Secrets__{name.Name.Replace('-', '_')}=<its value>",
        (_, { Member: not null }) => $"az keyvault secret set --vault-name {NameOf(vault)} --name {name.Name} --file connection.json --content-type {ConnectionDocument.ContentType}",
        (_, { IsCertificate: true }) => $"az keyvault certificate import --vault-name {NameOf(vault)} --name {name.Name} --file certificate.pfx",
        _ => $"az keyvault secret set --vault-name {NameOf(vault)} --name {name.Name} --file secret.txt",
    });

    /// <summary>Lets an identity do what it needs to.</summary>
    public static Remedy AssignRole(Uri vault, Guid? identity) => vault.IsLoopback
        ? new("It is an emulated vault: take the denial back there.")
        : new($"Assign the role {SecretsOfficer}; it takes effect within minutes.", $"az role assignment create --role \"{SecretsOfficer}\" --assignee {identity?.ToString() ?? "<object id of this host's identity>"} --scope \"$(az keyvault show --name {NameOf(vault)} --query id --output tsv)\"");

    /// <summary>Lets an identity use the blobs of a storage account.</summary>
    public static Remedy AssignBlobRole(string account) => new(
        "Assign the role Storage Blob Data Owner, and check the account's firewall.",
        $"az role assignment create --role \"Storage Blob Data Owner\" --assignee <object id of this host's identity> --scope \"$(az storage account show --name {account} --query id --output tsv)\"");
}
