using System.Text.Json;
using BackupFunctions.Tokens;

namespace BackupFunctions.SignIn;

/// <summary>Reads a reply that is no success: RFC 6749 JSON, RFC 9457 problem JSON, HTML, or nothing. Its body is never shown.</summary>
internal static class TokenErrorReader
{
    public static TokenFailure Read(HttpResponseMessage response, JsonElement? json, string server, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var error = json.Text("error") is { } text && IsOAuthError(text) ? text : null;
        var kind = Kind(status, error);
        return new TokenFailure(kind, Detail(kind, status, error, server))
        {
            OAuthError = error,
            HttpStatus = status,
            RetryAfter = RequestTrace.RetryAfter(response, now),

            // A clear refusal spent nothing; whatever else came back may have.
            MayHaveReachedVendor = kind is FailureKind.VendorUnavailable or FailureKind.VendorReplyUnusable,
        };
    }

    // RFC 6749 section 5.2, and the errors of section 4.1.2.1 that some servers use at the token endpoint too.
    private static FailureKind Kind(int status, string? error) =>
        (status, error) switch
        {
            (429, _) or (_, "slow_down") => FailureKind.VendorThrottled,
            (408 or >= 500, _) or (_, "temporarily_unavailable" or "server_error") => FailureKind.VendorUnavailable,
            (_, "invalid_scope" or "invalid_target") => FailureKind.ScopeRefused,
            (400 or 401 or 403, _) => FailureKind.CredentialsRefused,
            _ when status < 400 && error is not null => FailureKind.CredentialsRefused,
            _ => FailureKind.VendorReplyUnusable,
        };

    private static string Detail(FailureKind kind, int status, string? error, string server)
    {
        var answer = error is null ? $"{server} answered {status}" : $"{server} answered {status} {error}";
        return kind switch
        {
            FailureKind.VendorThrottled => $"{answer}: too many requests.",
            FailureKind.VendorUnavailable => $"{answer}: the service is unavailable.",
            FailureKind.ScopeRefused =>
                $"{answer}: the scope is not granted to this client. Mend the Scope setting, or the client's permissions at the vendor.",
            FailureKind.CredentialsRefused =>
                $"{answer}: the credentials were refused. Check them in the vault, and that the client or account is enabled at the vendor.",
            _ when status is >= 300 and < 400 =>
                $"{answer}: a redirect, which is not followed because it would carry credentials elsewhere. Check the address in the settings.",
            _ => $"{answer}, which is no reply of a token endpoint. Check the address in the settings.",
        };
    }

    /// <summary>
    /// Whether a text has the shape of an error code: RFC 6749 section 5.2 allows almost any text, but every registered code is
    /// lower-case words (IANA, "OAuth Extensions Error Registry"), and a server might echo what it was sent.
    /// </summary>
    private static bool IsOAuthError(string text) =>
        text.Length <= 60 && text.All(character => char.IsAsciiLetterLower(character) || character == '_');
}
