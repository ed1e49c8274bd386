using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace BackupFunctions.Testing;

/// <summary>
/// The forms in which a text may contain a secret: as it is, or encoded for URLs, forms, JSON and Basic headers.
/// </summary>
internal static class SecretForms
{
    public static IEnumerable<string> Of(string secret)
    {
        var written = new[] { secret, Uri.EscapeDataString(secret), WebUtility.UrlEncode(secret) };
        return written
            .Concat(written.SelectMany(Base64))
            .Append(LowerEscapes(written[1]))
            .Append(LowerEscapes(written[2]))
            .Append(JavaScriptEncoder.Default.Encode(secret))
            .Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret))
            .Distinct(StringComparer.Ordinal);
    }

    // Inside a longer text (`id:secret`) base64 depends on where in a group of three bytes the secret begins; the
    // characters that also hold bits of its neighbours are left out.
    private static IEnumerable<string> Base64(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var before = 0; before < 3; before++)
        {
            var first = ((before * 8) + 5) / 6;
            var end = (before + bytes.Length) * 8 / 6;
            var encoded = Convert.ToBase64String([.. new byte[before], .. bytes])[first..end];
            yield return encoded;
            yield return encoded.Replace('+', '-').Replace('/', '_');
        }
    }

    private static string LowerEscapes(string encoded)
    {
        var text = new StringBuilder(encoded);
        for (var i = 0; i < text.Length - 2; i++)
        {
            if (text[i] != '%')
                continue;
            text[i + 1] = char.ToLowerInvariant(text[i + 1]);
            text[i + 2] = char.ToLowerInvariant(text[i + 2]);
        }

        return text.ToString();
    }
}
