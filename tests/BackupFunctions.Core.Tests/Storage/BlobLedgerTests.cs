using Azure.Storage.Blobs;
using BackupFunctions.AzureSdk;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.History;
using BackupFunctions.Ledger;
using BackupFunctions.Settings;
using BackupFunctions.Storage;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.Storage;

public sealed partial class BlobLedgerTests(SharedAzurite azurite) : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly ConnectionKey _key = LockUnderTest.NewConnection();
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly LogRecorder _log = new();
    private readonly StorageRequests _requests = new();
    private readonly List<IDisposable> _owned = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_process_notes_another_reads_whole()
    {
        var server = await azurite.ServerAsync();
        var entry = new LedgerEntry
        {
            LastSuccess = Noon,
            Token = new TokenMetadata("0011223344556677", Noon, Noon.AddHours(1)),
            CredentialExpiresAt = Noon.AddDays(9),
            LastFailure = new TokenFailure(FailureKind.VendorThrottled, "It answered 429.")
            {
                OAuthError = "slow_down",
                HttpStatus = 429,
                RetryAfter = TimeSpan.FromSeconds(77),
            },
            LastFailureAt = Noon.AddMinutes(1),
            FailuresInRow = 3,
            NextAttempt = Noon.AddMinutes(5),
            CredentialVersion = "acronis-default-client-secret=v1",
            RefusedCredentialVersion = "acronis-default-client-secret=v2",
            DoubtfulRefreshToken = "0123456789abcdef",
            DeadRefreshToken = "2301674589abdcfe",
            SpentRefreshToken = "1032547698badcfe",
            UnsavedSeenAt = Noon.AddSeconds(90),
            SignedOutAt = Noon.AddMinutes(2),
            SignedInAt = Noon.AddMinutes(-2),
            Refusals = [Noon, Noon.AddSeconds(1)],
            Rejected = ["fedcba9876543210"],
            OneTimeCodeStep = 58_000_000,
            Incident = new Incident
            {
                Id = "acronis-default-20261122T120100Z",
                Since = Noon.AddMinutes(1),
                ToldAt = Noon.AddMinutes(2),
                EndedAt = Noon.AddMinutes(3),
                Group = "veeam/credentials-refused",
            },
            History = ConnectionHistory.Empty.With(
                new HistoryEvent(Noon, HistoryOutcome.Renewed, new Cause(CauseKind.Caller, "flow \u00e9"))
            ),
        };

        await Ledger(server).UpdateAsync(_key, _ => entry, Cancel);
        var read = await Ledger(server).ReadAsync(_key, newest: true, Cancel);

        Assert.Equivalent(entry, read, strict: true);
    }

    [Fact]
    public async Task A_connection_of_which_nothing_is_known_has_an_empty_entry()
    {
        var read = await Ledger(await azurite.ServerAsync()).ReadAsync(_key, newest: true, Cancel);

        Assert.Equivalent(LedgerEntry.Empty, read, strict: true);
    }

    [Fact]
    public async Task An_entry_a_second_old_is_asked_for_again_and_a_younger_one_only_where_the_newest_is_wanted()
    {
        var server = await azurite.ServerAsync();
        var (here, there) = (Ledger(server, _requests), Ledger(server));
        await here.UpdateAsync(_key, entry => entry with { FailuresInRow = 1 }, Cancel);
        await there.UpdateAsync(_key, entry => entry with { FailuresInRow = 2 }, Cancel);

        var asked = _requests.Ended.Count;
        var young = (await here.ReadAsync(_key, newest: false, Cancel)).FailuresInRow;
        var askedForYoung = _requests.Ended.Count - asked;
        var newest = (await here.ReadAsync(_key, newest: true, Cancel)).FailuresInRow;
        await there.UpdateAsync(_key, entry => entry with { FailuresInRow = 3 }, Cancel);
        _time.Advance(BlobLedger.FreshFor);
        var old = (await here.ReadAsync(_key, newest: false, Cancel)).FailuresInRow;

        Assert.Equal((1, 0, 2, 3), (young, askedForYoung, newest, old));
    }

    [Fact]
    public async Task Changes_of_two_processes_at_once_both_count()
    {
        var server = await azurite.ServerAsync();
        var (here, there) = (Ledger(server), Ledger(server));

        for (var i = 0; i < 10; i++)
        {
            await Task.WhenAll(Count(here), Count(there));
        }

        Assert.Equal(20, (await Ledger(server).ReadAsync(_key, newest: true, Cancel)).FailuresInRow);

        Task Count(BlobLedger ledger) =>
            ledger.UpdateAsync(_key, entry => entry with { FailuresInRow = entry.FailuresInRow + 1 }, Cancel).AsTask();
    }

    [Fact]
    public async Task A_change_that_changes_nothing_is_not_written()
    {
        var ledger = Ledger(await azurite.ServerAsync(), _requests);
        await ledger.UpdateAsync(_key, entry => entry with { FailuresInRow = 1 }, Cancel);
        var asked = _requests.Ended.Count;

        await ledger.UpdateAsync(_key, entry => entry, Cancel);

        Assert.Equal(asked, _requests.Ended.Count);
    }

    [Theory]
    [InlineData("no JSON at all")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"lastFailure":{"kind":"AKindOfALaterVersion","detail":"x"}}""")]
    public async Task What_cannot_be_read_of_a_blob_is_ignored_told_and_written_over(string content)
    {
        var server = await azurite.ServerAsync();
        var ledger = Ledger(server);
        await ledger.UpdateAsync(_key, entry => entry with { FailuresInRow = 9 }, Cancel);
        await Container(server)
            .GetBlobClient($"{_key}.json")
            .UploadAsync(new BinaryData(content), overwrite: true, Cancel);

        var read = await ledger.ReadAsync(_key, newest: true, Cancel);
        await ledger.UpdateAsync(_key, entry => entry with { FailuresInRow = entry.FailuresInRow + 1 }, Cancel);

        Assert.Equal(0, read.FailuresInRow);
        Assert.Equal(1, (await Ledger(server).ReadAsync(_key, newest: true, Cancel)).FailuresInRow);
        Assert.Contains(_log.Events, logged => logged.EventId.Id == 4009);
    }

    [Fact]
    public async Task A_blob_far_larger_than_an_entry_is_not_read_and_is_written_over()
    {
        var server = await azurite.ServerAsync();
        var ledger = Ledger(server);
        await ledger.UpdateAsync(_key, entry => entry with { FailuresInRow = 9 }, Cancel);
        await Container(server)
            .GetBlobClient($"{_key}.json")
            .UploadAsync(
                new BinaryData($$"""{"failuresInRow": 5, "x": "{{new string('x', 1 << 20)}}"}"""),
                overwrite: true,
                Cancel
            );

        var read = await ledger.ReadAsync(_key, newest: true, Cancel);
        await ledger.UpdateAsync(_key, entry => entry with { FailuresInRow = entry.FailuresInRow + 1 }, Cancel);

        Assert.Equal(0, read.FailuresInRow);
        Assert.Equal(1, (await Ledger(server).ReadAsync(_key, newest: true, Cancel)).FailuresInRow);
    }

    [Fact]
    public async Task Changes_of_others_are_told_once_and_only_those_that_are_wanted()
    {
        var server = await azurite.ServerAsync();
        var (here, there) = (Ledger(server), Ledger(server));
        var unwanted = LockUnderTest.NewConnection();
        await there.UpdateAsync(_key, entry => entry with { FailuresInRow = 1 }, Cancel);
        await there.UpdateAsync(unwanted, entry => entry with { FailuresInRow = 1 }, Cancel);

        var first = await ChangedAsync(here);
        await here.ReadAsync(_key, newest: true, Cancel);
        var unchanged = await ChangedAsync(here);
        await there.UpdateAsync(_key, entry => entry with { FailuresInRow = 2 }, Cancel);
        await here.ReadAsync(_key, newest: true, Cancel);
        var second = await ChangedAsync(here);

        Assert.Equal((_key, 1), Assert.Single(first));
        Assert.Empty(unchanged);
        Assert.Equal((_key, 2), Assert.Single(second));
    }

    [Fact]
    public async Task Who_looks_at_all_entries_reads_only_those_that_others_changed()
    {
        var server = await azurite.ServerAsync();
        var (here, there) = (Ledger(server, _requests), Ledger(server));
        ConnectionKey[] keys = [_key, .. Enumerable.Range(0, 5).Select(_ => LockUnderTest.NewConnection())];
        foreach (var key in keys.SkipLast(1))
        {
            await there.UpdateAsync(key, entry => entry with { FailuresInRow = 1 }, Cancel);
        }

        var first = await here.ReadAllAsync(keys, Cancel);
        var asked = _requests.Ended.Count;
        await here.ReadAllAsync(keys, Cancel);
        var askedAgain = _requests.Ended.Count - asked;
        await there.UpdateAsync(_key, entry => entry with { FailuresInRow = 2 }, Cancel);
        _time.Advance(BlobLedger.ListedFor);
        var second = await here.ReadAllAsync(keys, Cancel);
        var askedForOneChange = _requests.Ended.Count - asked;

        Assert.Equal([1, 1, 1, 1, 1, 0], keys.Select(key => first[key].FailuresInRow));
        Assert.Equal((0, 2, 2), (askedAgain, askedForOneChange, second[_key].FailuresInRow));
        Assert.Same(LedgerEntry.Empty, first[keys[^1]]);
    }

    [Fact]
    public async Task A_blob_of_an_earlier_version_is_read()
    {
        var server = await azurite.ServerAsync();
        const string Earlier =
            """{ "lastSuccess": "2026-11-23T12:00:00+00:00", "failuresInRow": 0, "refusals": [], "rejected": ["aa"] }""";
        await Ledger(server).UpdateAsync(_key, entry => entry with { FailuresInRow = 9 }, Cancel);
        await Container(server)
            .GetBlobClient($"{_key}.json")
            .UploadAsync(new BinaryData(Earlier), overwrite: true, Cancel);

        var read = await Ledger(server).ReadAsync(_key, newest: true, Cancel);

        Assert.Equivalent(new LedgerEntry { LastSuccess = Noon, Rejected = ["aa"] }, read, strict: true);
    }

    public void Dispose() => _owned.ForEach(one => one.Dispose());

    private async Task<List<(ConnectionKey, int)>> ChangedAsync(BlobLedger ledger, Action? whenListed = null)
    {
        List<(ConnectionKey, int)> changed = [];
        await foreach (var (key, entry) in ledger.ReadChangedAsync(IsWanted, Cancel))
        {
            changed.Add((key, entry.FailuresInRow));
        }

        return changed;

        bool IsWanted(ConnectionKey key)
        {
            whenListed?.Invoke();
            return key == _key;
        }
    }

    private BlobLedger Ledger(AzuriteServer server, StorageRequests? requests = null)
    {
        var logging = LoggerFactory.Create(logging => logging.AddSuiteLog().AddRecorder(_log));
        _owned.Add(logging);
        var logger = logging.CreateLogger<BlobLedger>();
        return new BlobLedger(new LedgerBlobs(Container(server, requests), logger), _time, logger);
    }

    private static BlobContainerClient Container(AzuriteServer server, StorageRequests? requests = null) =>
        new StorageOptions { ConnectionString = server.ConnectionString }
            .CreateClient(options =>
            {
                options.RetryPolicy = new BoundedRetryPolicy(TimeProvider.System, delays: new NoDelay());
                if (requests is not null)
                    options.AddPolicy(requests, Azure.Core.HttpPipelinePosition.PerCall);
            })
            .GetBlobContainerClient(BlobLedger.ContainerName);
}
