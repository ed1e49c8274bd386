namespace BackupFunctions.Check;

/// <summary>One thing that was found. Never carries a token, a secret or the body of anybody's reply.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Subject">Of what: a connection, a vault, a setting.</param>
/// <param name="Sentence">The same in plain words, with the names and figures of this case.</param>
/// <param name="Remedy">What mends it; null where nothing is to be mended.</param>
public sealed record Finding(FindingType Type, string Subject, string Sentence, Remedy? Remedy = null)
{
    /// <summary>Parts a text of ours into its first sentence and what follows: what is wrong, and what would be right.</summary>
    internal static (string Sentence, string? Remainder) Part(string text)
    {
        for (
            var at = text.IndexOf(". ", StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(". ", at + 2, StringComparison.Ordinal)
        )
        {
            if (at + 2 < text.Length && char.IsAsciiLetterUpper(text[at + 2]))
            {
                return (text[..(at + 1)], text[(at + 2)..]);
            }
        }

        return (text, null);
    }
}
