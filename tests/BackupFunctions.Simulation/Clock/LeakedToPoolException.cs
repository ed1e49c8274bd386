namespace BackupFunctions.Simulation;

/// <summary>Code of a simulation ran on a thread of the pool.</summary>
internal sealed class LeakedToPoolException() : Exception($"The simulation was touched by another thread than its own: {Environment.StackTrace}");
