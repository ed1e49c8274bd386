using System.Diagnostics;

namespace BackupFunctions.Core.Tests.FaultMatrix;

/// <summary>
/// Detects when everything waits for a clock: no pool thread but the caller's has work to do. Only then may a test's
/// clock move, or a busy machine would look like a slow vendor. Tests that use it run alone.
/// </summary>
internal static class Stillness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until nothing runs and nothing is queued.</summary>
    public static void Await()
    {
        var own = Thread.CurrentThread.IsThreadPoolThread ? 1 : 0;
        var since = Stopwatch.GetTimestamp();
        for (var wait = new SpinWait(); ThreadPool.PendingWorkItemCount > 0 || Busy() > own; wait.SpinOnce())
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
                throw new TimeoutException(
                    $"The thread pool does not become idle: {Busy()} threads, {ThreadPool.PendingWorkItemCount} items."
                );
        }
    }

    private static int Busy()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var idle, out _);
        return most - idle;
    }
}
