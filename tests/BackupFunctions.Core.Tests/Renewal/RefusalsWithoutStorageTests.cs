using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Status;
using BackupFunctions.Storage;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Core.Tests.Renewal;

/// <summary>While nobody can count for all processes, each risks one refusal an hour.</summary>
public sealed class RefusalsWithoutStorageTests
{
    private readonly TokenWorld _world = new();
    private readonly FakeLedgerContainer _storage = new();

    [Fact]
    public async Task A_new_wrong_version_every_ten_seconds_costs_one_refusal_per_start_of_a_process()
    {
        List<TokenProcess> processes = [Start(), Start(), Start()];
        _storage.IsAway = true;
        for (var seconds = 0; seconds < 3000; seconds += 10)
        {
            _world.Credentials.Version = $"v{seconds}";
            _world.Vendor.RefusedVersions.Add(_world.Credentials.Version);
            foreach (var process in processes.ToList())
            {
                await Assert.ThrowsAsync<TokenException>(process.GetAsync);
            }

            if (seconds is 30 or 60)
            {
                processes[^1] = Start();
            }

            _world.Advance(10);
        }

        Assert.Equal(5, _world.Vendor.UsedVersions.Count);
    }

    [Fact]
    public async Task What_is_known_of_before_the_outage_counts_in_it_and_all_of_it_afterwards()
    {
        var (here, there) = (Start(), Start());
        await RefuseAsync(here, "v1");
        _storage.IsAway = true;
        _world.Advance(1);
        await RefuseAsync(there, "v2");
        _world.Advance(2);
        _world.Credentials.Version = "v3";
        var failure = await Failing.With(FailureKind.CredentialsRefused, here.GetAsync());
        _storage.IsAway = false;
        _world.Advance(10);

        await there.Poller.PollAsync(CancellationToken.None);
        await Start().GetAsync();

        Assert.True(failure.WasNotTried);
        Assert.Contains(
            "within the last hour, and the storage that all instances count in is unavailable",
            failure.Detail,
            StringComparison.Ordinal
        );
        Assert.Equal(["v1", "v2", "v3"], _world.Vendor.UsedVersions);
        Assert.Equal(2, StoredEntry.Read(_storage.Get(_world.Connection.Key), _world.Now).Entry.Refusals.Count);
    }

    [Fact]
    public async Task The_only_refusal_is_not_spent_on_a_version_out_of_a_cache()
    {
        var process = Start();
        await process.GetAsync();
        _storage.IsAway = true;
        _world.Advance(3600);
        _world.Vendor.RefusedVersions.Add("v1");
        _world.Credentials.Version = "v2";

        await process.GetAsync();

        Assert.Equal(["v1", "v2"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task The_status_shows_how_long_a_connection_is_left_alone_for_one_refusal()
    {
        var process = Start();
        _storage.IsAway = true;
        await RefuseAsync(process, "v1");

        var status = await process.StatusAsync();

        Assert.Equal((ConnectionHealth.Refused, true), (status.Health, status.Entry.IsAlone));
        Assert.Equal(_world.Now + TimeSpan.FromHours(1), status.NextAttempt);
    }

    [Fact]
    public async Task An_operator_may_try_once_at_a_time_all_the_same()
    {
        var process = Start();
        _storage.IsAway = true;
        await RefuseAsync(process, "v1");
        _world.Credentials.Version = "v2";

        Assert.NotNull(await process.RefreshNowAsync());
    }

    private async Task RefuseAsync(TokenProcess process, string version)
    {
        _world.Credentials.Version = version;
        _world.Vendor.RefusedVersions.Add(version);
        await Failing.With(FailureKind.CredentialsRefused, process.GetAsync());
    }

    private TokenProcess Start() =>
        _world.StartProcess(
            ledger: new BlobLedger(
                new LedgerBlobs(_storage, NullLogger.Instance),
                _world.Time,
                NullLogger<BlobLedger>.Instance
            )
        );
}
