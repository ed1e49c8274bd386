using BackupFunctions.Broker;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Core.Tests.Broker;

public sealed class DrainTests
{
    private readonly TokenWorld _world = new(rotatesRefreshTokens: true);

    [Fact]
    public async Task A_shutdown_waits_for_the_renewal_that_is_under_way()
    {
        var held = _world.Vendor.HoldsOnce();
        var call = _world.Process.GetAsync();
        await held.Entered;
        var shutdown = _world.Process.DrainAsync();
        var endedBefore = shutdown.IsCompleted;

        held.Release();
        await shutdown;

        Assert.False(endedBefore);
        Assert.NotNull(await call);
        Assert.Equal(2, _world.Store.Writes.Count);
    }

    [Fact]
    public async Task A_shutdown_waits_for_the_save_that_is_under_way()
    {
        var saving = new HeldCall();
        _world.Store.BeforeWrite = _ => saving.EnterAsync();
        var call = _world.Process.GetAsync();
        await saving.Entered;
        var shutdown = _world.Process.DrainAsync();
        var endedBefore = shutdown.IsCompleted;

        saving.Release();
        await shutdown;

        Assert.False(endedBefore);
        Assert.NotNull(await call);
        Assert.Equal(2, _world.Store.Writes.Count);
    }

    [Fact]
    public async Task A_shutdown_saves_what_is_not_saved_yet_without_waiting_for_the_next_try()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;

        await _world.Process.DrainAsync();

        Assert.Equal(2, _world.Store.Writes.Count);
    }

    [Fact]
    public async Task A_shutdown_ends_when_its_time_is_up_although_the_vault_takes_nothing()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        var began = _world.Now;

        var shutdown = _world.Process.DrainAsync();
        await _world.AdvanceUntilAsync(() => shutdown.IsCompleted);

        Assert.Empty(_world.Store.Writes);
        Assert.True(_world.Now - began >= TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(29)]
    public async Task A_shutdown_tries_again_until_the_vault_is_back_or_its_time_is_up(double backAfter)
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        var backAt = _world.Now + TimeSpan.FromSeconds(backAfter);
        _world.Store.BeforeWrite = _ =>
        {
            _world.Store.WriteOutage = _world.Now < backAt ? FailureKind.VaultUnavailable : null;
            return Task.CompletedTask;
        };

        var shutdown = _world.Process.DrainAsync();
        await _world.AdvanceUntilAsync(() => shutdown.IsCompleted);

        Assert.Equal(2, _world.Store.Writes.Count);
        Assert.True(_world.Now >= backAt);
    }

    [Fact]
    public async Task A_shutdown_tries_without_the_lock_when_its_time_is_up()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;
        await using var lease = await _world.Locks.AcquireAsync(_world.Connection.Key, CancellationToken.None);

        var shutdown = _world.Process.DrainAsync();
        await _world.AdvanceUntilAsync(() => shutdown.IsCompleted);

        Assert.Equal(2, _world.Store.Writes.Count);
    }

    [Fact]
    public async Task A_shutdown_ends_although_a_renewal_fails()
    {
        var held = _world.Vendor.HoldsOnce();
        _world.Vendor.RefusedVersions.Add("v1");
        var call = _world.Process.GetAsync();
        await held.Entered;
        var shutdown = _world.Process.DrainAsync();

        held.Release();
        await shutdown;

        await Failing.With(FailureKind.CredentialsRefused, call);
    }

    [Fact]
    public async Task A_host_that_runs_out_of_patience_ends_the_wait_and_not_the_renewal()
    {
        using var patience = new CancellationTokenSource();
        var held = _world.Vendor.HoldsOnce();
        var call = _world.Process.GetAsync();
        await held.Entered;
        var shutdown = new RenewalShutdown(_world.Process.Broker, Options.Create(new HostOptions())).StopAsync(
            patience.Token
        );

        await patience.CancelAsync();
        await shutdown;
        held.Release();

        Assert.NotNull(await call);
        Assert.Equal(2, _world.Store.Writes.Count);
    }
}
