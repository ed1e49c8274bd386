namespace BackupFunctions.Status;

/// <summary>Formats durations for people.</summary>
internal static class Duration
{
    /// <summary>For example <c>1 h 52 min</c>: at most two units, rounded down, at least <c>1 s</c>.</summary>
    public static string InWords(TimeSpan time)
    {
        if (time.TotalDays >= 2)
        {
            return $"{(int)time.TotalDays} days";
        }

        if (time.TotalHours >= 1)
        {
            var hours = $"{(int)time.TotalHours} h";
            return time.Minutes == 0 ? hours : $"{hours} {time.Minutes} min";
        }

        return time.TotalMinutes >= 1 ? $"{time.Minutes} min" : $"{Math.Max(1, time.Seconds)} s";
    }
}
