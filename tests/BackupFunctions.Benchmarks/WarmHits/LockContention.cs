using BackupFunctions.Connections;

namespace BackupFunctions.Benchmarks.WarmHits;

/// <summary>Counts the contended locks of warm hits from all cores at once.</summary>
internal static class LockContention
{
    private const int Passes = 100;

    /// <summary>Each thread gets every connection's token 100 times, in its own order.</summary>
    public static async Task<long> CountAsync(int connections)
    {
        await using var service = await NearService.StartAsync(connections);
        var threads = Enumerable.Range(1, Environment.ProcessorCount).ToList();
        List<Connection[]> targets =
        [
            .. threads.Select(seed =>
                Order.Of(connections, connections, (uint)seed).Select(i => service.Connections[i]).ToArray()
            ),
        ];
        using var start = new Barrier(targets.Count);
        List<Thread> hitting =
        [
            .. targets.Select(own => new Thread(() =>
            {
                start.SignalAndWait();
                Hit(service, own);
            })),
        ];

        var before = Monitor.LockContentionCount;
        hitting.ForEach(thread => thread.Start());
        hitting.ForEach(thread => thread.Join());
        return Monitor.LockContentionCount - before;
    }

    private static void Hit(NearService service, Connection[] targets)
    {
        for (var pass = 0; pass < Passes; pass++)
        {
            foreach (var target in targets)
            {
                service.Hit(target);
            }
        }
    }
}
