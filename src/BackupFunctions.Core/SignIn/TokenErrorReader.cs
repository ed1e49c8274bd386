using System.Text.Json;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;

namespace BackupFunctions.SignIn;

/// <summary>
/// Reads a reply that is not a success: RFC 6749 JSON, RFC 9457 problem JSON, HTML, or nothing. Its body is never
/// shown.
/// </summary>
internal static class TokenErrorReader
{
    public static TokenFailure Read(HttpResponseMessage response, JsonElement? json, string server, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var error = json.Text("error") is { } text && IsOAuthError(text) ? text : null;
        var kind = Kind(status, error);
        var (problem, remedy) = Describe(kind, status, error, server);
        return new TokenFailure(kind, problem)
        {
            Remedy = remedy,
            OAuthError = error,
            HttpStatus = status,
            RetryAfter = RequestTrace.RetryAfter(response, now),

            // A clear refusal spends nothing; anything else may have.
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

    private static (string Problem, string? Remedy) Describe(FailureKind kind, int status, string? error, string server)
    {
        const string CheckAddress = "Check the address in the settings.";
        var answer = error is null ? $"{server} returned {status}" : $"{server} returned {status} {error}";
        return kind switch
        {
            FailureKind.VendorThrottled => ($"{answer}: too many requests.", null),
            FailureKind.VendorUnavailable => ($"{answer}: the service is unavailable.", null),
            FailureKind.ScopeRefused => (
                $"{answer}: the scope is not granted to this client.",
                "Correct the Scope setting, or the client's permissions at the vendor."
            ),
            FailureKind.CredentialsRefused => (
                $"{answer}: the credentials were refused.",
                "Check them in the vault, and that the client or account is enabled at the vendor."
            ),
            _ when status is >= 300 and < 400 => (
                $"{answer}: a redirect, which is not followed because it would send credentials elsewhere.",
                CheckAddress
            ),
            _ => ($"{answer}, which is not a reply of a token endpoint.", CheckAddress),
        };
    }

    /// <summary>
    /// Whether a text has the shape of an error code: RFC 6749 section 5.2 allows almost any text, but every registered
    /// code is lower-case words (IANA, "OAuth Extensions Error Registry"), and a server might echo what it was sent.
    /// </summary>
    private static bool IsOAuthError(string text) =>
        text.Length <= 60 && text.All(character => char.IsAsciiLetterLower(character) || character == '_');
}
