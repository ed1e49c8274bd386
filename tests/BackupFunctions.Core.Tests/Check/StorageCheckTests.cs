using Azure.Storage.Blobs;
using BackupFunctions.Check;
using BackupFunctions.Settings;
using BackupFunctions.Storage;
using BackupFunctions.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Core.Tests.Check;

public sealed class StorageCheckTests(SharedAzurite azurite)
{
    [Fact]
    public async Task Usable_storage_is_good_and_nothing_is_left_behind()
    {
        await using var mine = await AzuriteServer.StartAsync();
        var service = new BlobServiceClient(mine.ConnectionString);
        var container = service.GetBlobContainerClient(BlobLedger.ContainerName);
        await container.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);

        var finding = Assert.Single(await LookAsync(mine.ConnectionString));

        Assert.Equal(("storage-good", "storage devstoreaccount1"), (finding.Type.Id, finding.Subject));
        Assert.Equal(
            [BlobLedger.ContainerName],
            service
                .GetBlobContainers(cancellationToken: TestContext.Current.CancellationToken)
                .Select(found => found.Name)
        );
        Assert.Empty(container.GetBlobs(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_wrong_key_is_denied_and_the_role_is_named()
    {
        var connectionString = (await azurite.ServerAsync()).ConnectionString;
        var key = connectionString.Split(';').Single(part => part.StartsWith("AccountKey=", StringComparison.Ordinal));

        var finding = Assert.Single(
            await LookAsync(
                connectionString.Replace(
                    key,
                    $"AccountKey={Convert.ToBase64String(new byte[64])}",
                    StringComparison.Ordinal
                )
            )
        );

        Assert.Equal(("storage-denied", FindingLevel.Error), (finding.Type.Id, finding.Type.Level));
        Assert.Contains("Storage Blob Data Owner", finding.Command, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_that_does_not_answer_is_unreachable()
    {
        var finding = Assert.Single(
            await LookAsync(
                "DefaultEndpointsProtocol=http;AccountName=nobody;AccountKey=bm9ib2R5;"
                    + "BlobEndpoint=http://127.0.0.1:1/nobody"
            )
        );

        Assert.Equal(("storage-unreachable", FindingLevel.Error), (finding.Type.Id, finding.Type.Level));
        Assert.DoesNotContain("bm9ib2R5", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_that_is_not_configured_is_skipped()
    {
        var finding = Assert.Single(await LookAsync(connectionString: null));

        Assert.Equal(("storage-not-set", FindingLevel.Skipped), (finding.Type.Id, finding.Type.Level));
    }

    [Theory]
    [InlineData("no connection string")]
    [InlineData(
        "DefaultEndpointsProtocol=http;AccountName=contoso;AccountKey=bm9ib2R5;EndpointSuffix=core.windows.net"
    )]
    public async Task Storage_with_an_invalid_setting_is_not_reported_as_unset(string connectionString)
    {
        var finding = Assert.Single(await LookAsync(connectionString));

        Assert.Equal(("storage-unchecked", FindingLevel.Skipped), (finding.Type.Id, finding.Type.Level));
        Assert.Equal(
            "The storage of locks and ledger is not checked, because its setting is invalid.",
            finding.Sentence
        );
    }

    [Fact]
    public async Task A_deployed_app_without_storage_renews_nothing()
    {
        var finding = Assert.Single(
            await LookAsync(connectionString: null, new HostingPlatform(IsLocal: false, AuthenticatesCallers: false))
        );

        Assert.Equal(("storage-missing", FindingLevel.Error), (finding.Type.Id, finding.Type.Level));
        Assert.Contains("starts no timer", finding.Sentence, StringComparison.Ordinal);
        Assert.StartsWith("Set AzureWebJobsStorage", finding.Remedy!, StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<Finding>> LookAsync(string? connectionString, HostingPlatform? platform = null)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("AzureWebJobsStorage", connectionString)])
            .Build();
        var options = new BackupFunctionsOptions();
        new SettingsReader(settings, [], HostingPlatform.Local).Configure(options);
        return new StorageCheck(
            new StorageProbe(Options.Create(options)),
            platform ?? HostingPlatform.Local
        ).Step.RunAsync(TestContext.Current.CancellationToken);
    }
}
