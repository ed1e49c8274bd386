namespace BackupFunctions.Core.Tests.Situations;

/// <summary>
/// Values as people paste them. What is seen: everything that is said about the settings, which is one sentence and
/// what to do, or that the value is used as if it had been typed.
/// </summary>
internal static class PastedSettings
{
    private const string Url = "Connections:Acronis:default:DataCenterUrl";
    private const string Id = "Connections:Acronis:default:ClientId";
    private const string Vault = "KeyVault:VaultUri";
    private const string GiveVault = "Give the vault's URI, for example https://contoso-backup.vault.azure.net.";

    private const string Unresolved =
        "is a reference that the platform did not resolve. In the portal, the app's environment variables say why: "
        + "often the app's identity may not read it, or its address is wrong. Outside Azure, nothing resolves "
        + "references.";

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Row(Id, "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/id)", Unresolved),
        Row(Url, "@Microsoft.KeyVault(VaultName=x;SecretName=url)", Unresolved),
        Row(Url, "@microsoft.appconfiguration(Endpoint=https://x.azconfig.io; Key=url)", Unresolved),
        Row(Vault, "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/uri)", Unresolved),
        Row("AzureWebJobsStorage", "@Microsoft.KeyVault(VaultName=x;SecretName=storage)", Unresolved),
        Row("Alerts:WebhookUrl", "@Microsoft.KeyVault(VaultName=x;SecretName=hook)", Unresolved),
        Row(Url, "\"https://eu8-cloud.acronis.com\"", "is in quotes. Leave the quotes out."),
        Row(Url, "'https://eu8-cloud.acronis.com'", "is in quotes. Leave the quotes out."),
        Row(Url, "“https://eu8-cloud.acronis.com”", "is in quotes. Leave the quotes out."),
        Row(Id, "„client-1“", "is in quotes. Leave the quotes out."),
        Row(Vault, "\"https://contoso-backup.vault.azure.net\"", "is in quotes. Leave the quotes out."),
        Row("Access:RequireAppRoles", "\"false\"", "is in quotes. Leave the quotes out."),
        Row("KeyVault:ConnectionsInVault", "'true'", "is in quotes. Leave the quotes out."),
        Row("Alerts:WebhookUrl", "\"https://hooks.example/1\"", "is in quotes. Leave the quotes out."),
        Row(Id, "<your client id>", "is a placeholder. Give the real value."),
        Row(Id, "{{client_id}}", "is a placeholder. Give the real value."),
        Row(Id, "${CLIENT_ID}", "is a placeholder. Give the real value."),
        Row(Id, "%CLIENT_ID%", "is a placeholder. Give the real value."),
        Row(Id, "…", "is a placeholder. Give the real value."),
        Row(Url, "$(DataCenterUrl)", "is a placeholder. Give the real value."),
        Row(Vault, "<vault uri>", "is a placeholder. Give the real value."),
        Row(
            Vault,
            "https://portal.azure.com/#@contoso.com/resource/subscriptions/1",
            $"is the address of a page of the Azure portal. {GiveVault}"
        ),
        Row(
            Vault,
            "https://contoso-backup.vault.azure.net/secrets/acronis-default-client-secret",
            $"has a path: it is the address of something in the vault, such as a secret. {GiveVault}"
        ),
        Used(Url, "  https://eu8-cloud.acronis.com/  "),
        Used(Url, "\uFEFFhttps://eu8-cloud.acronis.com\u200B"),
        Used(Id, " client-1\r\n"),
        Used(Vault, " https://contoso-backup.vault.azure.net/ "),
        Used(Id, "it's \"one\" of <these>?"),
    ];

    private static Situation Row(string key, string value, string right) => Pasted(key, value, $"{key} {right}");

    private static Situation Used(string key, string value) => Pasted(key, value, "used");

    private static Situation Pasted(string key, string value, string right) =>
        new("sibling of a URL in quotes, and of a reference that is not resolved", $"{key} set to {value}", right, () =>
        {
            var options = AppSettings.Read((key, value));
            string[] told =
            [
                .. options.Findings.Concat(options.Unknown).Select(finding => finding.ToString()),
                .. options.Misconfigured.Select(wrong => wrong.Failure.Detail),
            ];
            return Task.FromResult(told.Length == 0 ? "used" : string.Join(" ", told));
        });
}
