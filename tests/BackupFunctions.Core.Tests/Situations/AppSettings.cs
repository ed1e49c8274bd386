using BackupFunctions.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>
/// Settings of a deployed app beside those of two good connections, <c>acronis/default</c> and <c>veeam/office</c>.
/// What is seen: whether the app starts, who gets no token, and what is ignored.
/// </summary>
internal static class AppSettings
{
    private const string Reasoned = "a bad connection stops no other one, nor the start";

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Row(
            Reasoned,
            "a URL without TLS",
            "starts; misconfigured veeam/new",
            ("Connections:Veeam:new:BaseUrl", "http://203.0.113.10"),
            ("Connections:Veeam:new:Username", "backup")
        ),
        Row(
            Reasoned,
            "a connection without its user",
            "starts; misconfigured veeam/new",
            ("Connections:Veeam:new:BaseUrl", "https://203.0.113.10")
        ),
        Row(
            Reasoned,
            "a connection without any setting",
            "starts; misconfigured veeam/new",
            ("Connections:Veeam:new", "x")
        ),
        Row(
            Reasoned,
            "a name that no connection can have",
            "starts; misconfigured veeam/my-office",
            ("Connections:Veeam:my-office:BaseUrl", "https://203.0.113.10"),
            ("Connections:Veeam:my-office:Username", "backup")
        ),
        Row(
            Reasoned,
            "a misspelt setting, so that the right one is missing",
            "starts; misconfigured veeam/new",
            ("Connections:Veeam:new:BaseUrl", "https://203.0.113.10"),
            ("Connections:Veeam:new:Usrname", "backup")
        ),
        Row(
            Reasoned,
            "the name of a secret of another connection",
            "starts; misconfigured acronis/default",
            ("Connections:Acronis:default:TokenSecretName", "veeam-office-password")
        ),
        Row(
            "settings of a newer version, next to old code",
            "a setting of a newer version",
            "starts; ignored Connections:Veeam:office:Mode",
            ("Connections:Veeam:office:Mode", "x")
        ),
        Row(
            "settings of a newer version, next to old code",
            "a vendor of a newer version",
            "starts; ignored Connections:Tomorrow",
            ("Connections:Tomorrow:default:ClientId", "x")
        ),
        Row(
            "environment variables are case-sensitive on Linux, settings are not",
            "a connection written in two cases",
            "starts",
            ("Connections:Veeam:OFFICE:RefreshBefore", "600")
        ),
        Row(
            "a door that somebody meant to close",
            "a misspelt setting of Access",
            "does not start: Access:RequireAppRole",
            ("Access:RequireAppRole", "true")
        ),
    ];

    private static Situation Row(
        string source,
        string input,
        string right,
        params (string Key, string Value)[] settings
    ) => new(source, input, right, () => Task.FromResult(SeenWith(settings)));

    private static string SeenWith((string Key, string Value)[] settings)
    {
        var options = Read(settings);
        string[] seen =
        [
            options.Findings.Count == 0 ? "starts" : $"does not start: {options.Findings[0].Key}",
            .. options.Misconfigured.Select(wrong => $"misconfigured {wrong.Key}"),
            .. options.Unknown.Select(finding => $"ignored {finding.Key}"),
        ];
        return string.Join("; ", seen);
    }

    /// <summary>What the app reads from the settings of two good connections, and these over them.</summary>
    public static BackupFunctionsOptions Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["KeyVault:VaultUri"] = "https://contoso-backup.vault.azure.net",
                    ["Connections:Acronis:default:DataCenterUrl"] = "https://eu8-cloud.acronis.com",
                    ["Connections:Acronis:default:ClientId"] = "client-1",
                    ["Connections:Veeam:office:BaseUrl"] = "https://203.0.113.11",
                    ["Connections:Veeam:office:Username"] = "backup",
                }
            )
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        var services = new ServiceCollection().AddLogging();
        services.AddBackupTokens(configuration).AddKeyVault().AddVendors();
        using var provider = services.BuildServiceProvider();
        var options = new BackupFunctionsOptions();
        provider.GetRequiredService<IConfigureOptions<BackupFunctionsOptions>>().Configure(options);
        return options;
    }
}
