using Microsoft.Net.Http.Headers;

namespace BackupFunctions.Emulators;

/// <summary>RFC 6750 section 2.1: the token in an Authorization header.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    public static string? Of(HttpRequest request)
    {
        var header = request.Headers[HeaderNames.Authorization].ToString();
        return
            header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && header.AsSpan(Scheme.Length).Trim() is { Length: > 0 } token
            ? token.ToString()
            : null;
    }
}
