using System.Text.Json;
using BackupFunctions.Json;
using BackupFunctions.Tokens;

namespace BackupFunctions.SignIn.Replies;

/// <summary>The error codes of OAuth and its relatives: which there are, and what helps against them.</summary>
internal static class OAuthErrors
{
    /// <summary>The error code in a reply; null if there is none.</summary>
    public static string? Of(JsonElement? json) => json.Text("error") is { } text && IsCode(text) ? text : null;

    /// <summary>
    /// Whether other credentials could resolve a refusal: not if the server refuses the request, whoever makes it.
    /// </summary>
    public static bool BlamesCredentials(TokenFailure failure) =>
        failure.Kind == FailureKind.CredentialsRefused && BeyondCredentials(failure.OAuthError) is null;

    /// <summary>The problem and the remedy of a refusal.</summary>
    /// <param name="answer">What the server returned, as the beginning of a sentence.</param>
    /// <param name="error">The error code; null if the reply has none.</param>
    public static (string Problem, string Remedy) Describe(string answer, string? error)
    {
        if (BeyondCredentials(error) is var (cause, remedy))
        {
            return ($"{answer}: {cause}", $"Other credentials will not help. {remedy}");
        }

        return error == "unauthorized_client"
            ? (
                $"{answer}: the client may not sign in this way.",
                "Allow it the grant type at the vendor. Some servers answer so to a wrong secret: check that too."
            )
            : (
                $"{answer}: the credentials were refused.",
                "Check them in the vault, and that the client or account is enabled at the vendor."
            );
    }

    // RFC 6749 sections 4.1.2.1 and 5.2, OpenID Connect Core section 3.1.2.6, RFC 9449 sections 5 and 8.
    private static (string Cause, string Remedy)? BeyondCredentials(string? error) =>
        error switch
        {
            "invalid_request" => (
                "the server does not understand the request.",
                "Check the address and the client id or user name in the settings."
            ),
            "unsupported_grant_type" or "unsupported_response_type" => (
                "the server does not offer this way to sign in.",
                "Check that the address in the settings is the vendor's token server, and its version."
            ),
            "interaction_required" or "login_required" or "consent_required" or "account_selection_required" => (
                "the vendor asks for a person, to sign in or to consent.",
                "Sign in at the vendor once and consent, or use an account that may sign in unattended."
            ),
            "use_dpop_nonce" or "invalid_dpop_proof" => (
                "the server grants only tokens that are bound to a key (DPoP), which this app does not support.",
                "Allow this client bearer tokens at the vendor."
            ),
            _ => null,
        };

    /// <summary>
    /// Whether a text has the shape of an error code: RFC 6749 section 5.2 allows almost any text, but every registered
    /// code is lower-case words (IANA, "OAuth Extensions Error Registry"), and a server might echo what it was sent.
    /// </summary>
    private static bool IsCode(string text) =>
        text.Length <= 60 && text.All(character => char.IsAsciiLetterLower(character) || character == '_');
}
