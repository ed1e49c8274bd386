using BackupFunctions.Alerts;
using BackupFunctions.Core.Tests.Storage;
using BackupFunctions.Settings;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Core.Tests.Alerts;

/// <summary>The groups in a real storage service.</summary>
public sealed class BlobAlertGroupsTests(SharedAzurite azurite)
{
    private static readonly AlertCause Cause = new("acronis", FailureKind.CredentialsRefused);

    private readonly string _container = $"alerts-{LockUnderTest.NewConnection().Connection}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_instances_write_at_once_is_all_kept()
    {
        var instances = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StoreAsync()));

        await Task.WhenAll(
            instances.Select(
                async (store, instance) =>
                {
                    for (var i = 0; i < 5; i++)
                    {
                        await JoinAsync(store, $"c{instance}x{i}");
                    }
                }
            )
        );

        var group = await (await StoreAsync()).UpdateAsync(Cause, found => found, Cancel);
        Assert.Equal(20, group!.Members.Count);
    }

    [Fact]
    public async Task A_group_is_read_as_it_was_written()
    {
        var store = await StoreAsync();
        var written = new AlertGroup
        {
            Incident = "acronis-default-1",
            Detail = "It was refused.",
            CollectedUntil = TestTime.Noon,
            PostedAt = TestTime.Noon.AddMinutes(3),
            ClaimedUntil = TestTime.Noon.AddMinutes(8),
            Members =
            [
                new GroupMember("default", "acronis-default-1", TestTime.Noon) { IsTold = true },
                new GroupMember("berlin", "acronis-berlin-1", TestTime.Noon) { EndedAt = TestTime.Noon.AddMinutes(5) },
            ],
        };

        await store.UpdateAsync(Cause, _ => written, Cancel);
        var read = await (await StoreAsync()).UpdateAsync(Cause, found => found, Cancel);

        Assert.Equivalent(written, read, strict: true);
    }

    [Fact]
    public async Task A_group_that_is_over_is_none_and_may_begin_again()
    {
        var store = await StoreAsync();
        await JoinAsync(store, "default");
        await store.UpdateAsync(Cause, _ => null, Cancel);

        Assert.Null(await (await StoreAsync()).UpdateAsync(Cause, found => found, Cancel));
        await JoinAsync(store, "berlin");
        var again = await (await StoreAsync()).UpdateAsync(Cause, found => found, Cancel);
        Assert.Equal("berlin", Assert.Single(again!.Members).Connection);
    }

    private static async Task JoinAsync(BlobAlertGroups store, string connection) =>
        await store.UpdateAsync(
            Cause,
            group =>
                GroupRules.Joined(
                    group,
                    [new GroupMember(connection, $"acronis-{connection}-1", TestTime.Noon)],
                    "It was refused.",
                    TestTime.Noon
                ),
            Cancel
        );

    private async Task<BlobAlertGroups> StoreAsync()
    {
        var server = await azurite.ServerAsync();
        var client = new StorageOptions { ConnectionString = server.ConnectionString }.CreateClient();
        return new BlobAlertGroups(
            client.GetBlobContainerClient(_container),
            TimeProvider.System,
            NullLogger<BlobAlertGroups>.Instance
        );
    }
}
