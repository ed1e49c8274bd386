namespace BackupFunctions.Simulation;

/// <summary>Code of a simulation ran on a thread of the pool. That ends the process, so that it names the seed itself.</summary>
internal sealed class LeakedToPoolException(int seed, DateTimeOffset at)
    : Exception(
        $"The simulation of seed {seed} was touched by another thread than its own, at {at:yyyy-MM-dd HH:mm:ss.fff}: {Environment.StackTrace}"
    );
