using BackupFunctions.Connections;
using BackupFunctions.Settings.Alerting;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Alerts;

/// <summary>In a maintenance window nothing is posted; what is still broken at its end is posted then.</summary>
public sealed class AlertSilenceTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset End = TestTime.Noon.AddHours(1);

    [Fact]
    public async Task What_is_still_broken_when_the_window_ends_is_posted_then()
    {
        await using var world = await AlertWorld.StartAsync(connections: 3, Silenced);
        var instance = world.StartInstance();
        foreach (var key in world.Keys)
        {
            await world.FailAsync(instance, key);
        }

        await world.PassAsync(30 * Minute, instance);
        await world.MendAsync(instance, world.Keys[0]);
        await world.PassAsync(29 * Minute, instance);
        var before = world.Receiver.Received.Count;
        await world.PassAsync(6 * Minute, instance);

        Assert.Equal(0, before);
        Assert.Equal(2, (int)Assert.Single(world.Receiver.Received)["count"]!);
    }

    [Fact]
    public async Task A_window_of_one_connection_silences_no_other()
    {
        var silence = new SilenceWindows();
        silence.Add(new ConnectionKey(AlertWorld.Vendor, "default"), End);
        await using var world = await AlertWorld.StartAsync(2, options => options with { Silence = silence });
        var instance = world.StartInstance();
        await world.FailAsync(instance, world.Keys[0]);
        await world.FailAsync(instance, world.Keys[1]);
        await world.PassAsync(10 * Minute, instance);

        Assert.Equal("c1", (string?)Assert.Single(world.Receiver.Received)["connection"]);
    }

    [Fact]
    public async Task A_window_that_begins_while_it_is_broken_ends_the_reminders_and_is_posted_anew_afterwards()
    {
        await using var world = await AlertWorld.StartAsync(1, options => options with { RemindAfter = 20 * Minute });
        var before = world.StartInstance();
        await world.FailAsync(before, world.Keys[0]);
        await world.PassAsync(5 * Minute, before);

        // A setting comes into force with a restart.
        var instance = world.StartInstance(options: Silenced(world.Options));
        await world.FailAsync(instance, world.Keys[0]);
        await world.PassAsync(50 * Minute, instance);
        var told = world.Receiver.Events;
        await world.PassAsync(15 * Minute, instance);

        Assert.Equal(["connection-broken"], told);
        Assert.Equal(["connection-broken", "connection-broken"], world.Receiver.Events);
    }

    [Fact]
    public async Task A_recovery_in_the_window_is_not_posted()
    {
        await using var world = await AlertWorld.StartAsync(connections: 1);
        var before = world.StartInstance();
        await world.FailAsync(before, world.Keys[0]);
        await world.PassAsync(5 * Minute, before);
        var instance = world.StartInstance(options: Silenced(world.Options));
        await world.MendAsync(instance, world.Keys[0]);
        await world.PassAsync(10 * Minute, instance);

        Assert.Equal(["connection-broken"], world.Receiver.Events);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(1, null, 1)]
    [InlineData(null, 2, 2)]
    [InlineData(1, 2, 2)]
    [InlineData(3, 2, 3)]
    public void The_window_that_ends_last_counts(int? vendor, int? connection, int? expected)
    {
        var (key, windows) = (new ConnectionKey("acronis", "default"), new SilenceWindows());
        if (vendor is { } ofVendor)
        {
            windows.Add("acronis", TestTime.Noon.AddHours(ofVendor));
        }

        if (connection is { } own)
        {
            windows.Add(key, TestTime.Noon.AddHours(own));
        }

        Assert.Equal(expected is { } hours ? TestTime.Noon.AddHours(hours) : null, windows.UntilOf(key));
    }

    private static AlertOptions Silenced(AlertOptions options)
    {
        var silence = new SilenceWindows();
        silence.Add(AlertWorld.Vendor, End);
        return options with { Silence = silence };
    }
}
