using BackupFunctions.Alerts;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Core.Tests.Alerts;

/// <summary>Connections that fail for one cause are one post, however many they and the instances are.</summary>
public sealed class AlertGroupTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Two_hundred_connections_at_four_instances_are_one_post_and_one_recovery()
    {
        await using var world = await AlertWorld.StartAsync(connections: 200);
        AlertDispatcher[] instances = [.. Enumerable.Range(0, 4).Select(_ => world.StartInstance())];
        foreach (var (index, key) in world.Keys.Index())
        {
            await world.FailAsync(instances[index % 4], key);
        }

        await world.PassAsync(10 * Minute, instances);
        foreach (var (index, key) in world.Keys.Index())
        {
            await world.MendAsync(instances[index % 4], key);
        }

        await world.PassAsync(10 * Minute, instances);

        Assert.Equal(["connection-broken", "connection-well"], world.Receiver.Events);
        var (broken, well) = (world.Receiver.Received[0], world.Receiver.Received[1]);
        Assert.Equal((200, 200), ((int)broken["count"]!, (int)well["count"]!));
        Assert.Equal(5, broken["connections"]!.AsArray().Count);
        Assert.Equal((string?)broken["incident"], (string?)well["incident"]);
        Assert.StartsWith(
            "200 connections of fake have been failing since 2026-11-22 12:00 UTC: The vendor refused the credentials. "
                + "They are ",
            (string?)broken["text"],
            StringComparison.Ordinal
        );
        Assert.Contains(" and 195 more. fake/", (string?)broken["text"], StringComparison.Ordinal);
        Assert.StartsWith(
            "200 connections of fake recovered at 2026-11-22 12:10 UTC after 10 min.",
            (string?)well["text"],
            StringComparison.Ordinal
        );
        foreach (var key in world.Keys)
        {
            Assert.Null((await world.Ledger.ReadAsync(key, newest: true, CancellationToken.None)).Incident);
        }
    }

    [Fact]
    public async Task Instances_share_the_group_in_storage_and_only_one_posts_it()
    {
        await using var world = await AlertWorld.StartAsync(connections: 30);
        var container = new FakeLedgerContainer();
        AlertDispatcher[] instances = [.. Enumerable.Range(0, 3).Select(_ => world.StartInstance(Stored()))];
        foreach (var (index, key) in world.Keys.Index())
        {
            await world.FailAsync(instances[index % 3], key);
        }

        await world.PassAsync(6 * Minute, instances);

        Assert.Equal(30, (int)Assert.Single(world.Receiver.Received)["count"]!);

        BlobAlertGroups Stored() => new(container, world.Time, NullLogger<BlobAlertGroups>.Instance);
    }

    [Fact]
    public async Task Other_causes_and_failures_are_posts_of_their_own()
    {
        await using var world = await AlertWorld.StartAsync(connections: 3);
        var instance = world.StartInstance();
        await world.FailAsync(instance, world.Keys[0]);
        await world.FailAsync(instance, world.Keys[1], FailureKind.ScopeRefused);
        await world.FailAsync(instance, world.Keys[2], FailureKind.ScopeRefused);

        await world.PassAsync(5 * Minute, instance);

        Assert.Equal([1, 2], world.Receiver.Received.Select(message => (int)message["count"]!).Order());
    }

    [Fact]
    public async Task A_connection_that_fails_later_waits_for_the_next_reminder()
    {
        await using var world = await AlertWorld.StartAsync(connections: 2);
        var instance = world.StartInstance();
        await world.FailAsync(instance, world.Keys[0]);
        await world.PassAsync(10 * Minute, instance);
        await world.FailAsync(instance, world.Keys[1]);

        await world.PassAsync(TimeSpan.FromHours(4) - (10 * Minute), instance);
        var before = world.Receiver.Events;
        await world.PassAsync(10 * Minute, instance);

        Assert.Equal(["connection-broken"], before);
        Assert.Equal(["connection-broken", "connection-still-broken"], world.Receiver.Events);
        Assert.Equal([1, 2], world.Receiver.Received.Select(message => (int)message["count"]!));
        Assert.Equal(
            "2 connections of fake are still failing, since 2026-11-22 12:00 UTC: The vendor refused the credentials. "
                + "They are default and c1. fake/default: It was refused.",
            (string?)world.Receiver.Received[1]["text"]
        );
    }

    [Fact]
    public async Task A_connection_that_fails_after_the_recovery_is_another_group()
    {
        await using var world = await AlertWorld.StartAsync(connections: 2);
        var instance = world.StartInstance();
        await world.FailAsync(instance, world.Keys[0]);
        await world.PassAsync(5 * Minute, instance);
        await world.MendAsync(instance, world.Keys[0]);
        await world.PassAsync(Minute, instance);
        await world.FailAsync(instance, world.Keys[1]);
        await world.PassAsync(5 * Minute, instance);

        Assert.Equal(["connection-broken", "connection-well", "connection-broken"], world.Receiver.Events);
        Assert.Equal("c1", (string?)world.Receiver.Received[2]["connection"]);
    }

    [Fact]
    public async Task The_recovery_is_posted_when_the_last_connection_is_well()
    {
        await using var world = await AlertWorld.StartAsync(connections: 2);
        var instance = world.StartInstance();
        await world.FailAsync(instance, world.Keys[0]);
        await world.FailAsync(instance, world.Keys[1]);
        await world.PassAsync(5 * Minute, instance);
        await world.MendAsync(instance, world.Keys[0]);
        await world.PassAsync(20 * Minute, instance);
        var before = world.Receiver.Events;
        await world.MendAsync(instance, world.Keys[1]);
        await world.PassAsync(Minute, instance);

        Assert.Equal(["connection-broken"], before);
        Assert.Equal(["connection-broken", "connection-well"], world.Receiver.Events);
    }

    [Fact]
    public async Task A_connection_that_is_well_before_the_first_post_is_not_mentioned()
    {
        await using var world = await AlertWorld.StartAsync(connections: 2);
        var instance = world.StartInstance();
        await world.FailAsync(instance, world.Keys[0]);
        await world.FailAsync(instance, world.Keys[1]);
        await world.PassAsync(Minute, instance);
        await world.MendAsync(instance, world.Keys[0]);
        await world.PassAsync(5 * Minute, instance);

        Assert.Equal("c1", (string?)Assert.Single(world.Receiver.Received)["connection"]);
    }

    [Fact]
    public async Task A_failure_that_turns_into_one_that_needs_an_operator_is_posted_anew()
    {
        await using var world = await AlertWorld.StartAsync(connections: 2);
        var instance = world.StartInstance();
        await world.FailAsync(instance, world.Keys[0], FailureKind.VendorUnavailable);
        await world.FailAsync(instance, world.Keys[1], FailureKind.VendorUnavailable);
        await world.PassAsync(20 * Minute, instance);
        await world.FailAsync(instance, world.Keys[0], FailureKind.CredentialsRefused);
        await world.MendAsync(instance, world.Keys[1]);
        await world.PassAsync(5 * Minute, instance);
        await world.MendAsync(instance, world.Keys[0]);
        await world.PassAsync(Minute, instance);

        Assert.Equal(
            [
                ("connection-broken", 2, "c1"),
                ("connection-well", 1, "c1"),
                ("connection-broken", 1, "default"),
                ("connection-well", 1, "default"),
            ],
            world.Receiver.Received.Select(message =>
                ((string)message["event"]!, (int)message["count"]!, (string)message["connection"]!)
            )
        );
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3600, 12)]
    public async Task Reminders_come_as_often_as_the_setting_says(int seconds, int posts)
    {
        await using var world = await AlertWorld.StartAsync(1, options =>
            options with
            {
                RemindAfter = TimeSpan.FromSeconds(seconds),
            }
        );
        var instance = world.StartInstance();
        await world.FailAsync(instance, world.Keys[0]);
        await world.PassAsync(TimeSpan.FromHours(12), instance);

        Assert.Equal(posts, world.Receiver.Received.Count);
    }

    [Fact]
    public async Task Without_reminders_connections_that_fail_later_are_posted_all_the_same()
    {
        await using var world = await AlertWorld.StartAsync(2, options => options with { RemindAfter = TimeSpan.Zero });
        var instance = world.StartInstance();
        await world.FailAsync(instance, world.Keys[0]);
        await world.PassAsync(10 * Minute, instance);
        await world.FailAsync(instance, world.Keys[1]);
        await world.PassAsync(TimeSpan.FromHours(12), instance);

        Assert.Equal([1, 2], world.Receiver.Received.Select(message => (int)message["count"]!));
    }

    [Fact]
    public async Task An_instance_posts_what_one_collected_that_is_gone()
    {
        await using var world = await AlertWorld.StartAsync(connections: 2);
        var (gone, other) = (world.StartInstance(), world.StartInstance());
        await world.FailAsync(gone, world.Keys[0]);
        await world.FailAsync(gone, world.Keys[1]);
        await gone.SendDueAsync(CancellationToken.None);

        await world.FailAsync(other, world.Keys[1]);
        await world.PassAsync(5 * Minute, other);

        Assert.Equal(2, (int)Assert.Single(world.Receiver.Received)["count"]!);
    }

    [Fact]
    public async Task A_reminder_leaves_out_what_is_signed_out_and_says_how_the_first_fails_now()
    {
        await using var world = await AlertWorld.StartAsync(connections: 2);
        var instance = world.StartInstance();
        await world.FailAsync(instance, world.Keys[0]);
        await world.FailAsync(instance, world.Keys[1]);
        await world.PassAsync(5 * Minute, instance);
        await world.ChangeAsync(instance, world.Keys[0], entry => entry.AfterSignOut(world.Time.GetUtcNow()));
        await world.FailAsync(instance, world.Keys[1], detail: "It was refused again.");
        await world.PassAsync(TimeSpan.FromHours(4), instance);

        var reminder = world.Receiver.Received[1];
        Assert.Equal(("c1", "It was refused again."), ((string?)reminder["connection"], (string?)reminder["detail"]));
    }

    [Fact]
    public async Task What_an_earlier_version_told_is_reminded_of_and_its_end_posted()
    {
        await using var world = await AlertWorld.StartAsync(connections: 2);
        var instance = world.StartInstance();
        foreach (var key in world.Keys)
        {
            await world.FailAsync(world.StartInstance(), key);
            await world.ChangeAsync(instance, key, entry =>
                entry with
                {
                    Incident = entry.Incident! with { ToldAt = world.Time.GetUtcNow() },
                }
            );
        }

        await world.MendAsync(instance, world.Keys[0]);
        await world.PassAsync(Minute, instance);
        await world.PassAsync(TimeSpan.FromHours(5), instance);

        Assert.Equal(["connection-well", "connection-still-broken"], world.Receiver.Events);
    }

    [Fact]
    public async Task Without_storage_each_instance_goes_on_with_what_it_knows_and_writes_it_later()
    {
        await using var world = await AlertWorld.StartAsync(connections: 3);
        var container = new FakeLedgerContainer();
        var instance = world.StartInstance(Stored());
        await world.FailAsync(instance, world.Keys[0]);
        await world.PassAsync(5 * Minute, instance);
        container.IsAway = true;
        await world.FailAsync(instance, world.Keys[1]);
        await world.FailAsync(instance, world.Keys[2], FailureKind.ScopeRefused);
        await world.PassAsync(5 * Minute, instance);
        container.IsAway = false;
        await world.PassAsync(TimeSpan.FromHours(4), instance);

        Assert.Equal(
            [("connection-broken", 1), ("connection-broken", 1), ("connection-still-broken", 2)],
            world.Receiver.Received.Take(3).Select(message => ((string)message["event"]!, (int)message["count"]!))
        );
        Assert.Equal(
            2,
            (
                await Stored()
                    .UpdateAsync(
                        new AlertCause(AlertWorld.Vendor, FailureKind.CredentialsRefused),
                        group => group,
                        CancellationToken.None
                    )
            )!
                .Members
                .Count
        );

        BlobAlertGroups Stored() => new(container, world.Time, NullLogger<BlobAlertGroups>.Instance);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("{\"incident\":\"x\"}")]
    [InlineData("{\"incident\":\"x\",\"detail\":\"y\",\"collectedUntil\":\"2026-11-22T12:00:00Z\",\"members\":[null]}")]
    public async Task A_blob_that_is_no_group_is_replaced(string content)
    {
        await using var world = await AlertWorld.StartAsync(connections: 1);
        var container = new FakeLedgerContainer();
        container.Put(new ConnectionKey(AlertWorld.Vendor, "credentials-refused"), content);
        var groups = new BlobAlertGroups(container, world.Time, NullLogger<BlobAlertGroups>.Instance);
        var instance = world.StartInstance(groups);
        await world.FailAsync(instance, world.Keys[0]);
        await world.PassAsync(5 * Minute, instance);

        Assert.Equal(["connection-broken"], world.Receiver.Events);
    }
}
