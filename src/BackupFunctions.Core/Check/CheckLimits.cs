namespace BackupFunctions.Check;

/// <summary>How long a check takes at most, and how much of it happens at once.</summary>
public sealed record CheckLimits
{
    /// <summary>How long one step may take: one server that hangs holds up no other.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When no further step is begun. The Functions host's load balancer gives a caller up after 230 s.</summary>
    public TimeSpan Whole { get; init; } = TimeSpan.FromSeconds(200);

    /// <summary>How many steps run at once.</summary>
    public int AtOnce { get; init; } = 16;
}
