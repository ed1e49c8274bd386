using BackupFunctions.Settings;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Core.Tests.Storage;

public sealed class StorageSettingsTests
{
    private const string Identity = "8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11";

    [Theory]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10000/devstoreaccount1")]
    [InlineData(
        "DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=a2V5;EndpointSuffix=core.windows.net",
        "https://contoso.blob.core.windows.net/"
    )]
    [InlineData(
        "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:4711/a;",
        "http://127.0.0.1:4711/a"
    )]
    [InlineData(
        "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://localhost:4711/a;",
        "http://localhost:4711/a"
    )]
    [InlineData(
        "BlobEndpoint=https://contoso.blob.core.windows.net;SharedAccessSignature=sv=2025&sig=abc",
        "https://contoso.blob.core.windows.net/"
    )]
    public void Takes_a_connection_string(string connectionString, string expected)
    {
        var (options, findings) = Read(("AzureWebJobsStorage", connectionString));

        Assert.Empty(findings);
        Assert.Equal(expected, options!.CreateClient().Uri.GetLeftPart(UriPartial.Path));
    }

    [Theory]
    [InlineData("accountName", "contosobackup", "https://contosobackup.blob.core.windows.net/")]
    [InlineData(
        "blobServiceUri",
        "https://contoso.blob.core.usgovcloudapi.net/",
        "https://contoso.blob.core.usgovcloudapi.net/"
    )]
    [InlineData(
        "blobServiceUri",
        "https://127.0.0.1:10000/devstoreaccount1",
        "https://127.0.0.1:10000/devstoreaccount1"
    )]
    public void Takes_an_account_that_an_identity_may_use(string name, string value, string expected)
    {
        var (options, findings) = Read(($"AzureWebJobsStorage:{name}", value));

        Assert.Empty(findings);
        Assert.Equal(expected, options!.CreateClient().Uri.AbsoluteUri);
        Assert.False(options.IsManagedIdentityRequired);
        Assert.Null(options.ClientId);
    }

    [Fact]
    public void Takes_a_managed_identity_with_and_without_a_client_id()
    {
        var (system, _) = Read(
            ("AzureWebJobsStorage:accountName", "contoso"),
            ("AzureWebJobsStorage:credential", "managedIdentity")
        );
        var (user, findings) = Read(
            ("AzureWebJobsStorage:accountName", "contoso"),
            ("AzureWebJobsStorage:credential", "managedidentity"),
            ("AzureWebJobsStorage:clientId", Identity),
            ("AzureWebJobsStorage:queueServiceUri", "https://contoso.queue.core.windows.net")
        );

        Assert.Empty(findings);
        Assert.True(system!.IsManagedIdentityRequired);
        Assert.Null(system.ClientId);
        Assert.True(user!.IsManagedIdentityRequired);
        Assert.Equal(Identity, user.ClientId);
        Assert.NotNull(user.CreateClient());
    }

    [Fact]
    public void A_connection_string_goes_before_an_account_as_in_the_Functions_host()
    {
        var (options, findings) = Read(
            ("AzureWebJobsStorage", "UseDevelopmentStorage=true"),
            ("AzureWebJobsStorage:accountName", "contoso")
        );

        Assert.Empty(findings);
        Assert.NotNull(options!.ConnectionString);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Nothing_set_is_no_storage_and_no_finding(string? value)
    {
        var (options, findings) = Read(("AzureWebJobsStorage", value), ("AzureWebJobsStorage:accountName", value));

        Assert.Empty(findings);
        Assert.Null(options);
    }

    [Theory]
    [InlineData("", "sensitive-nonsense", "AzureWebJobsStorage is not the connection string", "AccountName=…")]
    [InlineData(
        "",
        "AccountName=contoso;AccountKey=not-base64-sensitive",
        "AzureWebJobsStorage is not the connection string",
        "AccountName=…"
    )]
    [InlineData("", "AccountName=sensitive", "AzureWebJobsStorage is not the connection string", "AccountName=…")]
    [InlineData("", "AccountKey=sensitive", "AzureWebJobsStorage is not the connection string", "AccountName=…")]
    [InlineData(
        "",
        "https://contoso.blob.core.windows.net/?sv=2025&sig=sensitive",
        "AzureWebJobsStorage is not the connection string",
        "AccountName=…"
    )]
    [InlineData(
        "",
        "@Microsoft.KeyVault(SecretUri=https://sensitive.vault.azure.net/)",
        "AzureWebJobsStorage is not the connection string",
        "AccountName=…"
    )]
    [InlineData(
        "",
        "DefaultEndpointsProtocol=http;AccountName=sensitive;AccountKey=c2Vuc2l0aXZl",
        "AzureWebJobsStorage leads to",
        "DefaultEndpointsProtocol=https"
    )]
    [InlineData(
        ":accountName",
        "Sensitive",
        "AzureWebJobsStorage:accountName is not a valid storage account name",
        "contosobackup"
    )]
    [InlineData(
        ":accountName",
        "sensitive.blob.core.windows.net",
        "AzureWebJobsStorage:accountName is not a valid storage account name",
        "contosobackup"
    )]
    [InlineData(
        ":blobServiceUri",
        "sensitive",
        "AzureWebJobsStorage:blobServiceUri is not a blob endpoint",
        "https://contosobackup.blob.core.windows.net"
    )]
    [InlineData(
        ":blobServiceUri",
        "http://sensitive.blob.core.windows.net",
        "AzureWebJobsStorage:blobServiceUri is not a blob endpoint",
        "https://"
    )]
    [InlineData(
        ":blobServiceUri",
        "http://127.0.0.1:10000/sensitive",
        "AzureWebJobsStorage:blobServiceUri is not a blob endpoint",
        "https://"
    )]
    [InlineData(
        ":blobServiceUri",
        "https://contoso.blob.core.windows.net/?sig=sensitive",
        "AzureWebJobsStorage:blobServiceUri is not a blob endpoint",
        "nor query"
    )]
    [InlineData(":credential", "sensitive", "AzureWebJobsStorage:credential is not a credential", "managedidentity")]
    [InlineData(":clientId", "sensitive", "AzureWebJobsStorage:clientId is not a UUID", Identity)]
    [InlineData(
        ":clientSecret",
        "sensitive",
        "AzureWebJobsStorage:clientSecret is not a setting",
        "accountName, blobServiceUri"
    )]
    public void A_bad_setting_is_found_by_its_full_key_with_what_would_be_right_and_without_its_value(
        string key,
        string value,
        string what,
        string right
    )
    {
        var (options, findings) = Read(
            ($"AzureWebJobsStorage{key}", value),
            (key is "" or ":accountName" ? "Other" : "AzureWebJobsStorage:accountName", "contoso")
        );

        var finding = Assert.Single(findings);
        Assert.StartsWith(what, finding, StringComparison.Ordinal);
        Assert.Contains(right, finding, StringComparison.Ordinal);
        Assert.DoesNotContain("sensitive", finding, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("c2Vuc2l0aXZl", finding, StringComparison.Ordinal);
        Assert.Null(options);
    }

    [Fact]
    public void An_identity_without_an_account_is_a_finding()
    {
        var (options, findings) = Read(("AzureWebJobsStorage:credential", "managedidentity"));

        Assert.StartsWith(
            "AzureWebJobsStorage:accountName is not set.",
            Assert.Single(findings),
            StringComparison.Ordinal
        );
        Assert.Null(options);
    }

    [Fact]
    public void The_reader_of_all_settings_reports_the_findings()
    {
        var options = new BackupFunctionsOptions();

        new SettingsReader(Configuration(("AzureWebJobsStorage", "nonsense")), [], HostingPlatform.Local).Configure(
            options
        );

        Assert.Contains(options.Findings, finding =>
            finding.Sentence == "AzureWebJobsStorage is not the connection string of a storage account."
        );
    }

    private static (StorageOptions? Options, List<string> Findings) Read(params (string Key, string? Value)[] settings)
    {
        var findings = new List<SettingFinding>();
        var options = StorageSettings.Read(Configuration(settings), findings);
        return (options, [.. findings.Select(finding => finding.ToString())]);
    }

    private static IConfiguration Configuration(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value))
            .Build();
}
