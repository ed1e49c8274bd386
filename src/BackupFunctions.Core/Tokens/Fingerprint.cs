using System.Security.Cryptography;
using System.Text;

namespace BackupFunctions.Tokens;

/// <summary>Names a token without showing it.</summary>
public static class Fingerprint
{
    /// <summary>How long a fingerprint is, in hex digits.</summary>
    public const int Length = 16;

    /// <summary>The first 16 hex digits, lower case, of the SHA-256 of a token's UTF-8 bytes.</summary>
    /// <param name="token">The bare token.</param>
    public static string Of(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)).AsSpan(0, Length / 2));

    /// <summary>Whether a text could be a fingerprint: 16 hex digits, in either case.</summary>
    /// <param name="text">What a caller sent.</param>
    public static bool IsWellFormed(string text) => text.Length == Length && text.All(char.IsAsciiHexDigit);
}
