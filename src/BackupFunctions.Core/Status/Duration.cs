namespace BackupFunctions.Status;

/// <summary>Says how long something takes, in words for people.</summary>
internal static class Duration
{
    /// <summary>For example <c>1 h 52 min</c>; two units at most, the rest cut off.</summary>
    /// <param name="time">Zero or more.</param>
    public static string InWords(TimeSpan time) =>
        time.TotalDays >= 2 ? $"{(int)time.TotalDays} days"
        : time.TotalHours >= 1 ? With($"{(int)time.TotalHours} h", time.Minutes, "min")
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min"
        : $"{Math.Max(1, time.Seconds)} s";

    private static string With(string first, int rest, string unit) => rest == 0 ? first : $"{first} {rest} {unit}";
}
