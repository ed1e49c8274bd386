namespace BackupFunctions.History;

/// <summary>What had an attempt made, or a connection signed out.</summary>
public enum CauseKind
{
    /// <summary>The record does not say, or in a way that only a later version knows.</summary>
    Unknown,

    /// <summary>A timer.</summary>
    Timer,

    /// <summary>Somebody who asked for a token, or called the vendor's API.</summary>
    Caller,

    /// <summary>An operator's refresh.</summary>
    Refresh,

    /// <summary>An operator's enrolment with a one-time code.</summary>
    Enrolment,

    /// <summary>An operator's sign-out.</summary>
    SignOut,
}

/// <summary>What or who caused something.</summary>
public readonly record struct Cause
{
    /// <summary>The longest name that is recorded, in UTF-16 units; a longer one is cut.</summary>
    public const int LongestName = 64;

    private const string Letters = "?tcrex";

    /// <summary>A cause.</summary>
    /// <param name="kind">What it was.</param>
    /// <param name="name">Who it was; null if that is not known.</param>
    public Cause(CauseKind kind, string? name = null) => (Kind, Name) = (kind, Cut(name));

    /// <summary>A timer.</summary>
    public static Cause Timer { get; } = new(CauseKind.Timer);

    /// <summary>What it was.</summary>
    public CauseKind Kind { get; }

    /// <summary>Who it was; null if that is not known.</summary>
    public string? Name { get; }

    /// <summary>The kind in one character, as it is stored.</summary>
    internal char Letter => Letters[(int)Kind];

    /// <summary>A cause as it is stored.</summary>
    internal static Cause Of(char letter, string? name) =>
        new((CauseKind)Math.Max(0, Letters.IndexOf(letter, StringComparison.Ordinal)), name);

    private static string? Cut(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        var length = Math.Min(name.Length, LongestName);

        // Half a surrogate pair is no text.
        return name[..(char.IsHighSurrogate(name[length - 1]) ? length - 1 : length)];
    }
}
