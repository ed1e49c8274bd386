using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>Errors of RFC 6749 section 5.2 and RFC 6750 section 3.</summary>
internal static class OAuthReply
{
    public static Reply Error(int status, string error, string description) =>
        Reply.Json(status, new JsonObject { ["error"] = error, ["error_description"] = description }).NotStored();

    public static Reply InvalidRequest(string description) =>
        Error(StatusCodes.Status400BadRequest, "invalid_request", description);

    public static Reply InvalidClient(int status = StatusCodes.Status401Unauthorized) =>
        Error(status, "invalid_client", "Client authentication failed.");

    public static Reply UnsupportedGrantType() =>
        Error(StatusCodes.Status400BadRequest, "unsupported_grant_type", "The grant type is not supported.");

    /// <summary>An API's answer to an invalid token.</summary>
    public static Reply InvalidToken() =>
        Error(
                StatusCodes.Status401Unauthorized,
                "invalid_token",
                "The access token expired, was revoked or is unknown."
            )
            .WithHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"");
}
