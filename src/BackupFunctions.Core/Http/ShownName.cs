namespace BackupFunctions.Http;

/// <summary>A name that a caller sent as a reply may show it.</summary>
internal static class ShownName
{
    public static string Of(string name) => name.Length <= 40 && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-') ? name : "…";
}
