using System.Text;
using BackupFunctions.Json;
using BackupFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace BackupFunctions.Web;

/// <summary>Reads a one-time code from the body of a request: JSON or a form.</summary>
internal static class EnrolmentCode
{
    /// <summary>In bytes.</summary>
    private const int LargestBody = 4096;

    /// <summary>Reads the code; null, with a finding, if there is no valid one.</summary>
    /// <param name="request">The request.</param>
    /// <param name="digits">How many digits a code has.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    public static async Task<(SecretText? Code, string Finding)> ReadAsync(
        HttpRequest request,
        int digits,
        CancellationToken cancellationToken
    )
    {
        var example = string.Concat(Enumerable.Range(1, digits).Select(digit => digit % 10));
        if (await ReadBodyAsync(request, cancellationToken) is not { } body)
        {
            return (null, $"The body must be complete and at most {LargestBody} bytes long.");
        }

        if (TextOf(request, body) is not { } text)
        {
            return (
                null,
                $$"""The body must be JSON, {"code":"{{example}}"} with the code in quotes, or a form with the field """
                    + "code, and Content-Type must say which."
            );
        }

        // Authenticator apps show codes in groups of digits.
        var code = text.Replace(" ", "", StringComparison.Ordinal);
        return code.Length == digits && code.All(char.IsAsciiDigit)
            ? (new SecretText(code), "")
            : (null, $"code must be {digits} digits as the authenticator app shows them, for example {example}.");
    }

    private static string? TextOf(HttpRequest request, byte[] body)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return null;
        }

        if (type.MatchesMediaType("application/json") || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        {
            return LenientJson.Parse(body).Text("code");
        }

        if (!type.MatchesMediaType("application/x-www-form-urlencoded"))
        {
            return null;
        }

        var fields = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body));
        return fields.GetValueOrDefault("code") is [{ Length: > 0 } code] ? code : null;
    }

    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = new byte[LargestBody + 1];
        try
        {
            var read = await request.Body.ReadAtLeastAsync(
                buffer,
                buffer.Length,
                throwOnEndOfStream: false,
                cancellationToken
            );
            return read <= LargestBody ? buffer[..read] : null;
        }
        catch (IOException)
        {
            // The caller hung up, or the body is malformed.
            return null;
        }
    }
}
