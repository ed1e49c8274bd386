namespace BackupFunctions.KillTests;

/// <summary>
/// How long a renewal takes of itself, without the delays that are put upon it. Learned on the way: what has just been
/// measured on this machine is the best guess for the next kill.
/// </summary>
internal sealed class Pace(TimeSpan first)
{
    private const double Slower = 1.25;

    private TimeSpan _usual = first;

    /// <summary>When to hit a renewal.</summary>
    /// <param name="moment">A fraction of its duration.</param>
    /// <param name="delays">What its duration is prolonged by.</param>
    public TimeSpan MomentOf(double moment, TimeSpan delays) => (_usual + delays) * moment;

    /// <summary>
    /// Learns from a renewal that ended before its process was killed, or did not although it should have.
    /// </summary>
    public void Learn(double moment, TimeSpan delays, TimeSpan? took)
    {
        if (took is { } time)
            _usual = time > delays ? time - delays : TimeSpan.Zero;
        else if (moment > 1)
            _usual *= Slower;
    }
}
