using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>Errors as RFC 9457 problem details.</summary>
internal static class ProblemReply
{
    public static Reply BadRequest(string detail) =>
        Create(StatusCodes.Status400BadRequest, "Bad Request", "6.5.1", detail);

    public static Reply Unauthorized(string detail) =>
        Create(StatusCodes.Status401Unauthorized, "Unauthorized", "6.5.2", detail);

    private static Reply Create(int status, string title, string section, string detail) =>
        Reply.Json(
            status,
            new JsonObject
            {
                ["type"] = $"https://tools.ietf.org/html/rfc7231#section-{section}",
                ["title"] = title,
                ["status"] = status,
                ["detail"] = detail,
            },
            "application/problem+json; charset=utf-8"
        );
}
