namespace BackupFunctions.KillTests;

/// <summary>
/// When a one-time code was last used. A process that starts within the same step cannot know: its first code is
/// refused, and that one refusal is no fault of its.
/// </summary>
internal sealed class UsedCode
{
    // A step, and what a clock that is learned from whole seconds may be off at either end of it.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(32);

    private long? _usedAt;

    public bool MayMeetStep => _usedAt is { } usedAt && TimeProvider.System.GetElapsedTime(usedAt) < Step;

    public void Note() => _usedAt = TimeProvider.System.GetTimestamp();
}
