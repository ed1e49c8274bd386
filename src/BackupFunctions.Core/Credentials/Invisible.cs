using System.Globalization;

namespace BackupFunctions.Credentials;

/// <summary>
/// Characters that nobody sees and that come along when a secret or a fingerprint is copied: a byte order mark, a
/// zero-width or no-break space, a soft hyphen, a direction mark.
/// </summary>
internal static class Invisible
{
    /// <summary>
    /// Without the line breaks and invisible characters at both ends. Those inside stay: a person may have chosen them.
    /// Ordinary spaces are visible to whoever looks, and may belong to a password.
    /// </summary>
    public static string Trim(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsTrimmed(text[start]))
        {
            start++;
        }

        while (end > start && IsTrimmed(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    /// <summary>Without any invisible character, for a text that has a known alphabet; line breaks stay.</summary>
    public static string Remove(string text) =>
        text.Any(IsInvisible) ? string.Concat(text.Select(one => IsInvisible(one) ? "" : one.ToString())) : text;

    /// <summary>
    /// What a person would overlook in a secret, for example <c>a zero-width space (U+200B)</c>; null if there is
    /// nothing of the kind.
    /// </summary>
    public static string? Find(string text)
    {
        if (text.Where(IsInvisible).Select(one => (char?)one).FirstOrDefault() is { } found)
        {
            return $"{NameOf(found)} (U+{(int)found:X4})";
        }

        if (text.StartsWith(' ') || text.EndsWith(' '))
        {
            return "a space at its beginning or end";
        }

        return text.AsSpan().ContainsAny('\r', '\n', '\t') ? "a line break or tab" : null;
    }

    private static string NameOf(char one) =>
        one switch
        {
            '\u00A0' or '\u202F' => "a no-break space",
            '\u00AD' => "a soft hyphen",
            '\u200B' => "a zero-width space",
            '\u200C' or '\u200D' => "a zero-width joiner",
            '\u200E' or '\u200F' => "a direction mark",
            '\u2060' => "a word joiner",
            '\uFEFF' => "a byte order mark",
            _ => "an invisible character",
        };

    private static bool IsTrimmed(char one) => one is '\r' or '\n' || IsInvisible(one);

    /// <summary>
    /// Unicode's format characters, spaces other than the ordinary one, and control characters that end no line.
    /// </summary>
    private static bool IsInvisible(char one) =>
        char.GetUnicodeCategory(one) switch
        {
            UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
            UnicodeCategory.SpaceSeparator => one != ' ',
            UnicodeCategory.Control => one is not ('\r' or '\n' or '\t'),
            _ => false,
        };
}
