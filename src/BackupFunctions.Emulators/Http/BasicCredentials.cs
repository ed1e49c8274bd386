using System.Net;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace BackupFunctions.Emulators;

/// <summary>A client's id and secret in HTTP Basic (RFC 6749 section 2.3.1).</summary>
internal sealed record BasicCredentials(string Id, string Secret)
{
    private const string Scheme = "Basic ";

    /// <summary>Null without the header, or if it cannot be read.</summary>
    public static BasicCredentials? Of(HttpRequest request)
    {
        var header = request.Headers[HeaderNames.Authorization].ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;

        var encoded = header[Scheme.Length..].Trim();
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            return null;

        return Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var id, var secret] ? new(id, secret) : null;
    }

    /// <summary>
    /// The RFC requires form-encoding before base64; the vendors' samples omit it. Both are accepted.
    /// </summary>
    public bool Match(string id, string secret) =>
        (Id == id && Secret == secret) || (WebUtility.UrlDecode(Id) == id && WebUtility.UrlDecode(Secret) == secret);

    public override string ToString() => "[redacted]";
}
