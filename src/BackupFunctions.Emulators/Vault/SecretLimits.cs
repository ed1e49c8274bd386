using System.Text;
using System.Text.RegularExpressions;

namespace BackupFunctions.Emulators;

/// <summary>
/// The limits of the service (learn.microsoft.com, "About Azure Key Vault secrets" and "Set Secret").
/// </summary>
internal static partial class SecretLimits
{
    private const int LargestValue = 25 * 1024;
    private const int MostTags = 15;
    private const int LongestTagName = 256;
    private const int LongestTagValue = 512;
    private const int LongestContentType = 255;

    /// <exception cref="VaultRefusalException">The name is not a valid secret name.</exception>
    public static void CheckName(string name)
    {
        if (!NamePattern().IsMatch(name))
            throw VaultRefusal.BadParameter($"The request URI contains an invalid name: {name}");
    }

    /// <exception cref="VaultRefusalException">The change exceeds a limit.</exception>
    public static void Check(SecretChange change)
    {
        if (change.Value is { } value && Encoding.UTF8.GetByteCount(value) > LargestValue)
            throw VaultRefusal.BadParameter(
                $"Secret is beyond the maximum permitted length of {LargestValue} characters."
            );
        if (change.ContentType?.Length > LongestContentType)
            throw VaultRefusal.BadParameter("Property contentType has invalid value");
        if (
            change.Tags is { } tags
            && (
                tags.Count > MostTags
                || tags.Any(static tag => tag.Key.Length > LongestTagName || tag.Value.Length > LongestTagValue)
            )
        )
            throw VaultRefusal.BadParameter("Property tags has invalid value");
        if (change is { NotBefore: { } start, ExpiresOn: { } end } && end < start)
            throw VaultRefusal.BadParameter("Property exp has invalid value");
    }

    [GeneratedRegex("^[0-9a-zA-Z-]{1,127}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex NamePattern();
}
