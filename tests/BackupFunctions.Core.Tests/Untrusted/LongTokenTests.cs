using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Untrusted;

/// <summary>Tokens longer than the vault takes: a secret holds 25 KB.</summary>
[Collection(nameof(Alone))]
public sealed class LongTokenTests
{
    private const int SaveFailed = 1005;

    [Theory]
    [InlineData("acronis", 26 * 1024)]
    [InlineData("acronis-cyberapp", 100_000)]
    [InlineData("avepoint", 100_000)]
    [InlineData("backupnet", 100_000)]
    [InlineData("veeam", 100_000)]
    public async Task A_token_that_the_vault_does_not_take_is_served_from_memory_and_reported(string vendor, int length)
    {
        await using var world = new World(vendor);
        world.Vendor.Faults.Add(Endpoints.Token, Lengthened(length));
        var logged = SuiteLog.Recorder.Events.Count;

        var first = await world.GetTokenAsync();
        var calls = world.Vendor.Counters.Total;
        world.Pass(TimeSpan.FromMinutes(10));
        var second = await world.GetTokenAsync();

        Assert.Equal((200, length), (first.Status, ((string?)first.Json["access_token"])?.Length));
        Assert.Equal((string?)first.Json["fingerprint"], (string?)second.Json["fingerprint"]);
        Assert.Equal(calls, world.Vendor.Counters.Total);
        Assert.Null(world.StoredAccessToken);
        if (world.Vendor is VeeamEmulator veeam)
            Assert.True(veeam.IsLiveRefreshToken(world.StoredRefreshToken!));
        Assert.Contains(SuiteLog.Recorder.Events.Skip(logged), one => one.EventId.Id == SaveFailed);
    }

    [Theory]
    [InlineData("acronis")]
    [InlineData("veeam")]
    public async Task A_token_longer_than_a_body_may_be_is_none(string vendor)
    {
        await using var world = new World(vendor);
        world.Vendor.Faults.Add(Endpoints.Token, Lengthened(300 * 1024));

        var answer = await world.GetTokenAsync();

        Assert.Equal((503, "vendor-reply-unusable"), (answer.Status, answer.ProblemType));
    }

    private static Fault Lengthened(int length) =>
        Fault.EditReply(json =>
        {
            if (json.ContainsKey("access_token"))
                json["access_token"] = new string('t', length);
        });
}
