using BackupFunctions.Json;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;

namespace BackupFunctions.SignIn.Replies;

/// <summary>
/// Reads a reply that is not a success: RFC 6749 JSON, RFC 9457 problem JSON, HTML, or nothing. Its body is never
/// shown.
/// </summary>
internal static class TokenErrorReader
{
    /// <summary>The remedy where a wrong address is the likely cause.</summary>
    public const string CheckAddress = "Check the address in the settings.";

    /// <summary>Reads it.</summary>
    /// <param name="response">The reply's status and headers.</param>
    /// <param name="body">Its body.</param>
    /// <param name="server">What was asked, as messages name it.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="errorField">The member of JSON that only the vendor's own refusals have.</param>
    public static TokenFailure Read(
        HttpResponseMessage response,
        ReplyBody body,
        string server,
        DateTimeOffset now,
        string errorField = "error"
    )
    {
        var status = (int)response.StatusCode;
        var error = OAuthErrors.Of(body.Json);
        var kind = Kind(status, error, body, errorField);
        var (problem, remedy) = Describe(kind, status, error, body, server);
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

    /// <summary>
    /// Whether a failure may be a refusal in words that nobody can read: sent too often, the credentials could lock the
    /// account. A page is none, nor is a 403: firewalls and gateways send those.
    /// </summary>
    public static bool MayBeRefusal(TokenFailure failure, ReplyBody body) =>
        failure is { Kind: FailureKind.VendorUnavailable, HttpStatus: 400 or 401, OAuthError: null }
        && body.Kind != BodyKind.Page;

    // RFC 6749 section 5.2, and the errors of section 4.1.2.1 that some servers use at the token endpoint too.
    private static FailureKind Kind(int status, string? error, ReplyBody body, string errorField) =>
        (status, error) switch
        {
            (429, _) or (_, "slow_down") => FailureKind.VendorThrottled,
            (408 or >= 500, _) or (_, "temporarily_unavailable" or "server_error") => FailureKind.VendorUnavailable,
            (_, "invalid_scope" or "invalid_target") => FailureKind.ScopeRefused,
            (400 or 401 or 403, _) => IsRefusal(status, body, errorField)
                ? FailureKind.CredentialsRefused
                : FailureKind.VendorUnavailable,
            _ when status < 400 && error is not null => FailureKind.CredentialsRefused,
            _ => FailureKind.VendorReplyUnusable,
        };

    /// <summary>
    /// Whether the vendor itself refuses: in JSON with an <c>error</c>, of whatever kind, or in a problem; or without
    /// words, as HTTP does it. Firewalls and gateways answer 403 too, but in pages, in other JSON, or empty.
    /// </summary>
    private static bool IsRefusal(int status, ReplyBody body, string errorField) =>
        body.Json.Member(errorField) is not null || body.IsProblem || (body.Kind == BodyKind.Empty && status != 403);

    private static (string Problem, string? Remedy) Describe(
        FailureKind kind,
        int status,
        string? error,
        ReplyBody body,
        string server
    )
    {
        var answer = Answer(server, status, error, body);
        return kind switch
        {
            FailureKind.VendorThrottled => ($"{answer}: too many requests.", null),
            FailureKind.VendorUnavailable when error is null && status is 400 or 401 or 403 => (
                $"{answer}{(body.Json is null ? "" : " with JSON")}, which is neither an OAuth error nor a problem: "
                    + "the service is unavailable.",
                body.Kind == BodyKind.Compressed
                    ? body.Remedy
                    : "A firewall or a gateway may have answered in the vendor's place. If this continues, "
                        + "have it let this host through, and check the address in the settings."
            ),
            FailureKind.VendorUnavailable => ($"{answer}: the service is unavailable.", null),
            FailureKind.ScopeRefused => (
                $"{answer}: the scope is not granted to this client.",
                "Correct the Scope setting, or the client's permissions at the vendor."
            ),
            FailureKind.CredentialsRefused => OAuthErrors.Describe(answer, error),
            _ when status is >= 300 and < 400 => (
                $"{answer}: a redirect, which is not followed because it would send credentials elsewhere.",
                CheckAddress
            ),
            _ => ($"{answer}, which is not a reply of a token endpoint.", CheckAddress),
        };
    }

    /// <summary>What a server returned, as the beginning of a sentence.</summary>
    public static string Answer(string server, int status, string? error, ReplyBody body) =>
        (error, body.Kind) switch
        {
            (not null, _) => $"{server} returned {status} {error}",
            (_, BodyKind.Json or BodyKind.Empty) => $"{server} returned {status}",
            _ => $"{server} returned {status} with {body.Words}",
        };
}
