using System.Buffers;

namespace BackupFunctions.Web;

/// <summary>A name from a request, made safe to repeat in a reply.</summary>
internal static class SafeName
{
    private const int Longest = 40;

    private static readonly SearchValues<char> Shown = SearchValues.Create(
        "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    public static string Of(string name) =>
        name.Length <= Longest && !name.AsSpan().ContainsAnyExcept(Shown) ? name : "…";
}
