using BackupFunctions.Core.Tests.Check;
using BackupFunctions.Emulators;
using BackupFunctions.Sweeps;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.Renewal;

/// <summary>The timer of all vendors that have none of their own.</summary>
public sealed class CatalogueTimerTests
{
    public static TheoryData<string> Names { get; } =
    [.. VendorProfiles.BuiltIn.Where(vendor => !vendor.HasOwnTimer).Select(vendor => vendor.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_renews_a_token_that_is_due(string name)
    {
        var time = new FakeTimeProvider(TestTime.Noon);
        await using var world = await CheckWorld.StartAsync(options: new EmulatorOptions { Time = time });
        var emulator = world.Emulators.Catalogue.Single(emulator => emulator.Name == name);
        await SweepAsync(world);
        time.Advance(emulator.TokenLifetime - TimeSpan.FromMinutes(2));
        var before = emulator.IssuedTokens;

        await SweepAsync(world);

        Assert.Equal((1, 2), (before, emulator.IssuedTokens));
        Assert.True(emulator.IsLive(world.Emulators.Vault.Secrets.Get($"{name}-default-access-token")!.Value));
        Assert.Equal(0, world.Emulators.Acronis.IssuedTokens + world.Emulators.Veeam.IssuedTokens);
    }

    [Fact]
    public async Task A_run_that_fails_names_every_vendor_that_failed_and_renews_the_others()
    {
        await using var world = await CheckWorld.StartAsync();
        var failing = world.Emulators.Catalogue.Where(emulator => emulator.Name is "druva" or "rubrik").ToList();
        failing.ForEach(emulator => emulator.ClientDisabled = true);

        var exception = await Assert.ThrowsAsync<RefreshSweepException>(() => SweepAsync(world));

        Assert.Equal(["druva", "rubrik"], exception.Reports.Select(report => report.Vendor).Order());
        Assert.All(failing, emulator =>
            Assert.Contains($"{emulator.Name}/default", exception.Message, StringComparison.Ordinal)
        );
        Assert.All(world.Emulators.Catalogue.Except(failing), emulator => Assert.Equal(1, emulator.IssuedTokens));
    }

    private static Task SweepAsync(CheckWorld world) =>
        world
            .Services.GetRequiredService<RefreshSweep>()
            .RunTimerAsync(VendorProfile.CatalogueTimer, TestContext.Current.CancellationToken);
}
