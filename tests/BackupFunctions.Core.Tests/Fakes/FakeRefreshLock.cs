using System.Collections.Concurrent;
using BackupFunctions.Connections;
using BackupFunctions.Locking;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>A refresh lock that brokers share as processes share a storage account.</summary>
internal sealed class FakeRefreshLock : IRefreshLock
{
    private readonly ConcurrentDictionary<ConnectionKey, SemaphoreSlim> _gates = new();
    private readonly ConcurrentQueue<Lease> _leases = new();
    private int _refused;

    /// <summary>Whether the lock service is unavailable.</summary>
    public bool IsAway { get; set; }

    /// <summary>Whether another process holds every lock and does not release it.</summary>
    public bool IsHeldElsewhere { get; set; }

    /// <summary>How often the lock was refused.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public int Acquired => _leases.Count;

    /// <summary>Whether the lock of this connection is held.</summary>
    public bool IsHeld(ConnectionKey key) => _gates.TryGetValue(key, out var gate) && gate.CurrentCount == 0;

    /// <summary>Ends every lease, and admits the next process.</summary>
    /// <param name="standing">What the lock service says of each from now on.</param>
    public void LoseAll(LeaseStanding standing = LeaseStanding.Taken)
    {
        foreach (var lease in _leases)
        {
            lease.Lose(standing);
        }
    }

    public async Task<IRefreshLease> AcquireAsync(ConnectionKey key, CancellationToken cancellationToken)
    {
        if (IsAway || IsHeldElsewhere)
        {
            Interlocked.Increment(ref _refused);
            throw new RefreshLockUnavailableException(
                IsAway ? "The storage is unavailable." : "Another process holds it.",
                heldByOther: !IsAway
            );
        }

        var gate = _gates.GetOrAdd(key, static _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        var lease = new Lease(gate);
        _leases.Enqueue(lease);
        return lease;
    }

    private sealed class Lease(SemaphoreSlim gate) : IRefreshLease
    {
        private LeaseStanding _standing = LeaseStanding.Held;
        private int _released;

        public bool IsHeld { get; private set; } = true;

        public void Lose(LeaseStanding standing)
        {
            (IsHeld, _standing) = (false, standing);
            if (standing != LeaseStanding.Held)
            {
                Release();
            }
        }

        public Task<LeaseStanding> ConfirmAsync()
        {
            IsHeld |= _standing == LeaseStanding.Held;
            return Task.FromResult(_standing);
        }

        public ValueTask DisposeAsync()
        {
            Release();
            return ValueTask.CompletedTask;
        }

        private void Release()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                gate.Release();
            }
        }
    }
}
