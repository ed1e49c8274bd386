namespace BackupFunctions.KillTests;

/// <summary>How much is paused.</summary>
/// <param name="Pauses">All pauses.</param>
/// <param name="Lanes">How many pairs of processes there are side by side: a pause takes 16 s.</param>
/// <param name="Seed">Replays the plan of all pauses.</param>
internal sealed record PauseOptions(int Pauses, int Lanes, int Seed);
