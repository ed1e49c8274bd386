namespace BackupFunctions.Renewal;

/// <summary>
/// Says of what is under way whether a sweep began it, so that its saves give way to those that a caller waits for. It goes
/// along with the work by itself: neither broker nor refresher nor store need to hand it on.
/// </summary>
internal static class BackgroundWork
{
    private static readonly AsyncLocal<bool> Here = new();

    /// <summary>Whether nobody waits for what is under way here.</summary>
    public static bool IsHere => Here.Value;

    /// <summary>All that the asynchronous method that calls this does from here on is work of the background.</summary>
    public static void Begin() => Here.Value = true;
}
