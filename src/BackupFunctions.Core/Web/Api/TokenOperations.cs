using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Problems;
using BackupFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Web.Api;

/// <summary>The operations on the token of one connection.</summary>
public static class TokenOperations
{
    private static readonly ProblemType[] OfAnyConnection =
    [
        ProblemType.InvalidParameter,
        ProblemType.UnknownVendor,
        ProblemType.UnknownConnection,
        ProblemType.Unauthenticated,
        ProblemType.Forbidden,
        ProblemType.InternalError,
    ];

    private static readonly ProblemType[] OfSignIns =
    [
        .. OfAnyConnection,
        .. Enum.GetValues<FailureKind>().Select(ProblemType.Of),
    ];

    /// <summary>Hands a token out.</summary>
    public static Operation GetToken { get; } =
        new()
        {
            Name = "GetToken",
            Route = "GetToken/{vendor}/{connection?}",
            Methods = [HttpMethods.Get, HttpMethods.Post],
            Summary = "Get a token",
            Description =
                "A bearer token that works now. One that is there costs no call of the vendor: ask again instead of keeping it. "
                + "After a 401 of the vendor ask once more, with the fingerprint of that token as rejected.",
            Query = GetTokenParameters.All,
            Replies =
            [
                Json(200, "The token.", ReplyJson.Default.TokenBody),
                new(200, "The bare token, for callers that prefer text/plain.", "text/plain", Body: null),
            ],
            Problems = OfSignIns,
            AnswerAsync = (request, cancellation) =>
                Handlers(request).GetTokenAsync(request, request.Vendor(), request.Connection(), cancellation),
        };

    /// <summary>Renews a token now.</summary>
    public static Operation Refresh { get; } =
        new()
        {
            Name = "Refresh",
            Route = "Refresh/{vendor}/{connection?}",
            Methods = [HttpMethods.Post],
            Summary = "Sign in now",
            Description =
                "Signs in whatever back-off, refusal or sign-out stands in the way, and tells of the new token without showing it. For operators.",
            Replies = [Json(200, "What the new token is.", ReplyJson.Default.RefreshBody)],
            Problems = OfSignIns,
            AnswerAsync = (request, cancellation) =>
                Operators(request).RefreshAsync(request, request.Vendor(), request.Connection(), cancellation),
        };

    /// <summary>Signs in with a one-time code.</summary>
    public static Operation Enroll { get; } =
        new()
        {
            Name = "Enroll",
            Route = "Enroll/{vendor}/{connection?}",
            Methods = [HttpMethods.Post],
            Summary = "Enrol an account with a one-time code",
            Description =
                "Signs in with a code that a person reads from the authenticator app, for accounts with MFA whose TOTP secret is not in the vault. For operators.",
            TakesCode = true,
            Replies = [Json(200, "What the new token is.", ReplyJson.Default.RefreshBody)],
            Problems = [.. OfSignIns, ProblemType.VaultNotOwned],
            AnswerAsync = (request, cancellation) =>
                Operators(request).EnrolAsync(request, request.Vendor(), request.Connection(), cancellation),
        };

    /// <summary>Signs out.</summary>
    public static Operation Revoke { get; } =
        new()
        {
            Name = "Revoke",
            Route = "Revoke/{vendor}/{connection}",
            Methods = [HttpMethods.Post],
            Summary = "Sign a connection out",
            Description =
                "Ends the session at the vendor where it can, removes the tokens everywhere, and hands none out until a Refresh or an enrolment. For operators.",
            Replies = [Json(200, "How it went.", ReplyJson.Default.SignOutBody)],
            Problems = [.. OfSignIns, ProblemType.VaultNotOwned],
            AnswerAsync = (request, cancellation) =>
                Operators(request).RevokeAsync(request, request.Vendor(), request.Connection(), cancellation),
        };

    private static OperationReply Json(int status, string description, JsonTypeInfo body) =>
        new(status, description, "application/json", body);

    private static TokenHandlers Handlers(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<TokenHandlers>();

    private static OperatorHandlers Operators(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<OperatorHandlers>();
}
