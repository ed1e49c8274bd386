namespace BackupFunctions.KillTests;

/// <summary>How much is killed.</summary>
/// <param name="Kills">All kills.</param>
/// <param name="WithStorage">Those among them that hit a process whose refresh lock is in storage.</param>
/// <param name="Seed">Replays the plan of all kills.</param>
internal sealed record KillOptions(int Kills, int WithStorage, int Seed);
