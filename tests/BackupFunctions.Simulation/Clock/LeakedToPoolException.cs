namespace BackupFunctions.Simulation;

/// <summary>Simulated code ran on a pool thread. That ends the process, so the message includes the seed.</summary>
internal sealed class LeakedToPoolException(int seed, DateTimeOffset at)
    : Exception(
        $"The simulation of seed {seed} was used by another thread, at {at:yyyy-MM-dd HH:mm:ss.fff}: "
            + Environment.StackTrace
    );
