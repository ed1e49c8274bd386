using System.Collections.Concurrent;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.State;
using BackupFunctions.Sweeps;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Renewal;

/// <summary>What a sweep of very many connections must keep to.</summary>
public sealed class RefreshSweepLoadTests
{
    private readonly TokenWorld _world = new(furtherConnections: [.. Enumerable.Range(0, 299).Select(i => $"c{i}")]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_setting_says_how_many_are_renewed_at_once()
    {
        var held = Enumerable.Range(0, 3).Select(_ => _world.Vendor.HoldsOnce()).ToList();

        var sweep = Sweep(concurrency: 3).RunAsync(FakeVendor.VendorName, Cancel);
        await Task.WhenAll(held.Select(call => call.Entered));
        held.ForEach(call => call.Release());
        await sweep;

        Assert.Equal((3, 300), (_world.Vendor.MostAtOnce, _world.Vendor.Calls));
    }

    [Fact]
    public async Task What_a_sweep_saves_gives_way_and_what_a_caller_waits_for_does_not()
    {
        var gaveWay = new ConcurrentBag<WritePriority>();
        _world.Store.OnPriority = gaveWay.Add;

        await _world.Process.GetAsync();
        var ofCaller = gaveWay.ToList();
        gaveWay.Clear();
        await Sweep().RunAsync(FakeVendor.VendorName, Cancel);
        var ofSweep = gaveWay.ToList();
        gaveWay.Clear();
        _world.Advance(1);
        await _world.Process.RefreshNowAsync();

        Assert.Equal([WritePriority.Caller], ofCaller);
        Assert.Equal(299, ofSweep.Count);
        Assert.All(ofSweep, priority => Assert.Equal(WritePriority.Background, priority));
        Assert.Equal([WritePriority.Caller], gaveWay);
    }

    [Fact]
    public async Task Timers_spread_what_was_issued_together_and_a_sweep_up_to_an_instant_does_not()
    {
        await Sweep().RunAsync(FakeVendor.VendorName, Cancel);
        _world.Advance(2100);
        var exact = await _world.Process.SweepAsync(nextTickIn: 300);

        var spread = await Sweep().RunAsync(FakeVendor.VendorName, Cancel);

        Assert.Equal(0, exact.Renewed);
        Assert.InRange(spread.Renewed, 60, 240);
    }

    [Fact]
    public async Task Of_very_many_that_failed_all_are_named_and_few_described()
    {
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");

        var thrown = await Assert.ThrowsAsync<RefreshSweepException>(() =>
            Sweep().RunAsync(FakeVendor.VendorName, Cancel)
        );

        Assert.Equal(20, thrown.Message.Split("It is down.").Length - 1);
        Assert.All(_world.Connections, target =>
            Assert.Contains(target.Key.Connection, thrown.Message, StringComparison.Ordinal)
        );
        Assert.InRange(thrown.Message.Length, 1, 5_000);
    }

    private RefreshSweep Sweep(int? concurrency = null) =>
        _world.Process.SweepOf(
            new ConnectionDirectory([_world.Vendor.Profile], _world.Connections),
            TokenProcess.Every(5, concurrency)
        );
}
