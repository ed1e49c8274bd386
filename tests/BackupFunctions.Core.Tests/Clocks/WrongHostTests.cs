using BackupFunctions.Core.Tests.FaultMatrix;

namespace BackupFunctions.Core.Tests.Clocks;

/// <summary>A whole host whose own clock is wrong, or is set, next to a vault and a vendor with the true time.</summary>
[Collection(nameof(Alone))]
public sealed class WrongHostTests
{
    public static TheoryData<string, int> Hosts { get; } =
        new MatrixTheoryData<string, int>(
            ["acronis", "acronis-cyberapp", "avepoint", "backupnet", "veeam"],
            [-600, 600, -80_000, 80_000]
        );

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task A_host_with_a_wrong_clock_gets_serves_and_saves_a_token_by_the_true_time(string vendor, int ahead)
    {
        await using var world = new World(vendor, TimeSpan.FromSeconds(ahead));

        var answer = await world.GetTokenAsync();

        Assert.Equal(200, answer.Status);
        var expiresAt = world.Vendor.ExpiresAt((string)answer.Json["access_token"]!)!.Value;
        var told = DateTimeOffset.Parse(
            (string)answer.Json["expires_at"]!,
            System.Globalization.CultureInfo.InvariantCulture
        );
        var saved = world.Vault.Secrets.Get($"{vendor}-default-access-token")!.ExpiresOn!.Value;
        Assert.InRange(told - expiresAt, TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(1));
        Assert.InRange(saved - expiresAt, TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(1));
        Assert.InRange(
            (long)answer.Json["expires_in"]!,
            (long)(expiresAt - world.Time.GetUtcNow()).TotalSeconds - 2,
            (long)(expiresAt - world.Time.GetUtcNow()).TotalSeconds + 1
        );
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    public async Task A_host_whose_clock_is_set_again_and_again_never_serves_a_dead_token(int step)
    {
        await using var world = new World("veeam");
        for (var minute = 0; minute < 120; minute++)
        {
            if (minute % 7 == 3)
                world.Host.Ahead = TimeSpan.FromSeconds(minute % 2 == 0 ? 0 : step);
            world.Time.Advance(TimeSpan.FromMinutes(1));

            var answer = await world.GetTokenAsync();

            Assert.Equal(200, answer.Status);
            Assert.True(
                world.Vendor.ExpiresAt((string)answer.Json["access_token"]!) > world.Time.GetUtcNow(),
                $"Dead in minute {minute}."
            );
        }
    }
}
