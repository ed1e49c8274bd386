using BackupFunctions.Connections;
using BackupFunctions.Locking;

namespace BackupFunctions.Simulation;

/// <summary>
/// The refresh lock as one instance sees it, with the contract and the times of the one on blob leases.
/// </summary>
internal sealed class SimulatedLock(World world, Instance instance) : IRefreshLock
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    public Task<IRefreshLease> AcquireAsync(ConnectionKey key, CancellationToken cancellationToken) =>
        InstanceContext.Outside(() => AcquireOutsideAsync(key));

    private async Task<IRefreshLease> AcquireOutsideAsync(ConnectionKey key)
    {
        var lease = new Lease(world, instance, key);
        for (var since = world.Now; ; )
        {
            await Task.Delay(world.Chance.Seconds(0.002, 0.03), instance.Time, CancellationToken.None);
            if (!world.Locks.IsUp)
            {
                await Task.Delay(world.Chance.Seconds(0, 8), instance.Time, CancellationToken.None);
                throw new RefreshLockUnavailableException(
                    "The storage of the refresh locks cannot be used.",
                    heldByOther: false
                );
            }

            if (world.Locks.TryTake(key, lease))
            {
                world.Checks.LockTaken(instance, key);
                lease.Begin();
                await Task.Delay(world.Chance.Seconds(0.002, 0.03), instance.Time, CancellationToken.None);
                return lease;
            }

            var pause = world.Chance.Seconds(0.2, 1);
            if (world.Now - since + pause > LongestWait)
            {
                throw new RefreshLockUnavailableException(
                    $"Another process has been renewing {key} for more than 60 s.",
                    heldByOther: true
                );
            }

            await Task.Delay(pause, instance.Time, CancellationToken.None);
        }
    }

    private sealed class Lease(World world, Instance instance, ConnectionKey key) : IRefreshLease
    {
        private ITimer? _renewal;
        private DateTimeOffset _renewedAt;
        private bool _isTaken;

        public bool IsHeld => !_isTaken && world.Now - _renewedAt < LockService.Duration;

        public Task<LeaseStanding> ConfirmAsync()
        {
            if (!IsHeld && world.Locks.IsUp)
            {
                Renew();
            }

            var standing = IsHeld ? LeaseStanding.Held : LeaseStanding.Unknown;
            return Task.FromResult(_isTaken ? LeaseStanding.Taken : standing);
        }

        public void Begin()
        {
            _renewedAt = world.Now;
            _renewal = instance.Time.CreateTimer(_ => Renew(), null, RenewEvery, RenewEvery);
        }

        public ValueTask DisposeAsync() => new(InstanceContext.Outside(ReleaseAsync));

        private void Renew()
        {
            if (world.Locks.IsUp && world.Locks.TryRenew(key, this))
            {
                _renewedAt = world.Now;
            }
            else if (world.Locks.IsUp || world.Now - _renewedAt >= LockService.Duration)
            {
                world.Note($"{instance.Name} lost the lock of {key}");
                world.Locks.Disturbed(key);
                _renewal!.Dispose();
                _isTaken = world.Locks.IsUp;
            }
        }

        private async Task ReleaseAsync()
        {
            _renewal!.Dispose();
            await Task.Delay(world.Chance.Seconds(0.002, 0.03), instance.Time, CancellationToken.None);
            if (world.Locks.IsUp)
            {
                world.Locks.Release(key, this);
            }
        }
    }
}
