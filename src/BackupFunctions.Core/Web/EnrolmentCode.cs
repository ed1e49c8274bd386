using System.Text;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace BackupFunctions.Web;

/// <summary>Reads a one-time code from the body of a request: JSON or a form, small.</summary>
internal static class EnrolmentCode
{
    private const int LargestBody = 4096;

    /// <summary>Reads it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="digits">How many digits a code has.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <returns>The code; or null, and what is wrong.</returns>
    public static async Task<(SecretText? Code, string Finding)> ReadAsync(
        HttpRequest request,
        int digits,
        CancellationToken cancellationToken
    )
    {
        var example = new string([.. Enumerable.Range(1, digits).Select(digit => (char)('0' + (digit % 10)))]);
        if (await ReadBodyAsync(request, cancellationToken) is not { } body)
        {
            return (null, $"The body must be whole, and have {LargestBody} bytes at most.");
        }

        if (TextOf(request, body) is not { } text)
        {
            return (
                null,
                $$"""The body must be JSON, {"code":"{{example}}"}, with the code in quotes, or a form with the field code, and say which in Content-Type."""
            );
        }

        // Apps show codes in groups.
        var code = text.Replace(" ", "", StringComparison.Ordinal);
        return code.Length == digits && code.All(char.IsAsciiDigit)
            ? (new SecretText(code), "")
            : (null, $"code must be {digits} digits, as the authenticator app shows them, for example {example}.");
    }

    private static string? TextOf(HttpRequest request, byte[] body)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return null;
        }

        return type.MatchesMediaType("application/json")
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
                ? LenientJson.Parse(body).Text("code")
            : type.MatchesMediaType("application/x-www-form-urlencoded")
                ? QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body)).GetValueOrDefault("code")
                        is [{ Length: > 0 } code]
                        ? code
                    : null
            : null;
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
            // The caller broke off, or sent what is no body.
            return null;
        }
    }
}
