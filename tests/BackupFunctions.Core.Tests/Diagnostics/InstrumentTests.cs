using System.Diagnostics.Metrics;
using System.Reflection;
using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Diagnostics;
using BackupFunctions.Status;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Diagnostics;

public sealed class InstrumentTests
{
    [Fact]
    public void Every_instrument_is_named_for_this_product_and_has_a_unit_and_a_description()
    {
        var instruments = typeof(Instruments)
            .GetProperties(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(property => property.GetValue(null))
            .OfType<Instrument>()
            .ToList();

        Assert.Equal(
            Names().Except([Instruments.Connections]).Order(),
            instruments.Select(instrument => instrument.Name).Order()
        );
        Assert.All(instruments, instrument =>
        {
            Assert.Equal(Instruments.SourceName, instrument.Meter.Name);
            Assert.Matches("^backupfunctions(\\.[a-z_]+)+$", instrument.Name);
            Assert.Matches("^(s|By|\\{[a-z]+\\})$", instrument.Unit);
            Assert.EndsWith(".", instrument.Description, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Connections_are_counted_by_their_state_in_memory()
    {
        var world = new TokenWorld(furtherConnections: ["down", "refused", "enrolment", "out", "renewing", "unasked"]);
        using var gauge = Gauge(world);
        await world.Process.GetAsync();
        await FailAsync(world, 1, FailureKind.VendorUnavailable);
        await FailAsync(world, 2, FailureKind.ServerNotTrusted);
        await FailAsync(world, 3, FailureKind.EnrolmentNeeded);
        await world.Process.Ledger.UpdateAsync(
            world.Connections[4].Key,
            entry => entry with { SignedOutAt = world.Now },
            CancellationToken.None
        );
        await FailAsync(world, 4, null);
        var held = world.Vendor.HoldsOnce();
        var renewing = world.Process.Broker.GetAsync(world.Connections[5], new TokenRequest(), CancellationToken.None);
        await held.Entered;

        var counts = gauge
            .Count()
            .ToDictionary(one => string.Join(' ', one.Tags.ToArray().Select(tag => tag.Value)), one => one.Value);

        Assert.Equal(
            new Dictionary<string, int>
            {
                ["fake healthy"] = 1,
                ["fake renewing"] = 1,
                ["fake backing-off"] = 1,
                ["fake refused"] = 1,
                ["fake enrolment-needed"] = 1,
                ["fake misconfigured"] = 1,
                ["fake signed-out"] = 1,
                ["fake never"] = 1,
            },
            counts
        );
        held.Release();
        await renewing;
    }

    [Fact]
    public async Task A_state_without_connections_is_zero()
    {
        var world = new TokenWorld();
        using var gauge = Gauge(world);

        var before = gauge.Count().Single(one => one.Tags[1].Value is "healthy").Value;
        await world.Process.GetAsync();
        var with = gauge.Count().Single(one => one.Tags[1].Value is "healthy").Value;
        world.Advance(3600);
        var after = gauge.Count().Single(one => one.Tags[1].Value is "healthy").Value;

        Assert.Equal((0, 1, 0), (before, with, after));
    }

    private static IEnumerable<string> Names() =>
        typeof(Instruments)
            .GetFields(BindingFlags.Static | BindingFlags.Public)
            .Where(field => field.Name != nameof(Instruments.SourceName))
            .Select(field => (string)field.GetValue(null)!);

    private static ConnectionMetrics Gauge(TokenWorld world) =>
        new(
            new ConnectionDirectory(
                [world.Vendor.Profile],
                world.Connections,
                [
                    new(
                        world.Vendor.Profile,
                        new ConnectionKey(world.Vendor.Profile.Name, "wrong"),
                        "Wrong.",
                        Remedy: null
                    ),
                ]
            ),
            world.Process.States,
            world.Time
        );

    private static async Task FailAsync(TokenWorld world, int connection, FailureKind? kind)
    {
        if (kind is { } fails)
        {
            world.Vendor.FailsOnce(fails);
        }

        await Assert.ThrowsAsync<TokenException>(() =>
            world
                .Process.Broker.GetAsync(world.Connections[connection], new TokenRequest(), CancellationToken.None)
                .AsTask()
        );
    }
}
