using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.State;

/// <summary>What a process knows of a connection that is defined anew.</summary>
public sealed class ConnectionStatesTests
{
    private readonly TokenWorld _world = new();
    private readonly ConnectionStates _states = new();

    [Fact]
    public async Task A_connection_that_is_defined_anew_twice_waits_for_the_first_renewal_too()
    {
        var held = new HeldCall();
        var earlier = _states
            .Of(_world.Connection)
            .Renewals.JoinOrStart(byOperator: false, () => HoldAsync(held), out _);
        await held.Entered;
        _states.Of(Redefined(1));
        var last = _states.Of(Redefined(2));

        var signOut = last.Renewals.StartSignOut(() => Task.FromResult(earlier.Result.IsCompleted));
        await YieldAsync();
        held.Release();

        Assert.True(await signOut);
    }

    [Fact]
    public void A_connection_that_is_defined_anew_calls_its_vendor_in_turn_with_what_it_was_before()
    {
        var before = _states.Of(_world.Connection);

        var redefined = _states.Of(Redefined(1));

        Assert.Same(before.VendorGate, redefined.VendorGate);
    }

    private Connection Redefined(int minutes) =>
        FakeConnection.Named("default", _world.Vendor.Profile, refreshBefore: TimeSpan.FromMinutes(minutes));

    private static async Task<AccessToken?> HoldAsync(HeldCall held)
    {
        await held.EnterAsync();
        return null;
    }

    /// <summary>Lets everything run that waits for nothing but its turn.</summary>
    private static async Task YieldAsync()
    {
        for (var i = 0; i < 100; i++)
        {
            await Task.Yield();
        }
    }
}
