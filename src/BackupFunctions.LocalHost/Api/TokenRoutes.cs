using BackupFunctions.Problems;
using BackupFunctions.Tokens;
using BackupFunctions.Web;
using BackupFunctions.Web.Calls;

namespace BackupFunctions.LocalHost.Api;

/// <summary>The operations on the token of one connection.</summary>
internal static class TokenRoutes
{
    private static readonly ProblemType[] SignInProblems =
    [
        ProblemType.InvalidParameter,
        ProblemType.UnknownVendor,
        ProblemType.UnknownConnection,
        ProblemType.Unauthenticated,
        ProblemType.Forbidden,
        ProblemType.InternalError,
        .. Enum.GetValues<FailureKind>().Select(ProblemType.Of),
    ];

    public static void Map(IEndpointRouteBuilder api)
    {
        MapCalls(api);
        api.MapOperation("GetToken", "GetToken/{vendor}/{connection?}", GetTokenAsync, "GET", "POST")
            .WithSummary("Get a token")
            .WithDescription(
                "Returns a bearer token that works now. Usually this costs no call to "
                    + "the vendor, so ask again instead of storing it. If the vendor answers with "
                    + "one of rejected_statuses, ask once more and pass the token's fingerprint as rejected."
            )
            .Takes(GetTokenParameters.All)
            // JSON last: the generator describes the last reply with a given status.
            .Returns<string>("The bare token, for callers that prefer text/plain.", mediaType: "text/plain")
            .Returns<TokenBody>("The token.")
            .ReturnsProblems(SignInProblems);

        api.MapOperation("Refresh", "Refresh/{vendor}/{connection?}", RefreshAsync, "POST")
            .WithSummary("Sign in now")
            .WithDescription(
                "Signs in even if the connection is backing off, refused or signed out, and describes the new token "
                    + "without revealing it. For operators."
            )
            .Returns<RefreshBody>("The new token's details, without the token.")
            .ReturnsProblems(SignInProblems);

        api.MapOperation("Enroll", "Enroll/{vendor}/{connection?}", EnrolAsync, "POST")
            .WithSummary("Enrol an account with a one-time code")
            .WithDescription(
                "Signs in with a code from a person's authenticator app, for accounts with MFA whose TOTP secret is "
                    + "not in the vault. For operators."
            )
            .WithMetadata(typeof(EnrolmentRequest))
            .Returns<RefreshBody>("The new token's details, without the token.")
            .ReturnsProblems([.. SignInProblems, ProblemType.VaultNotOwned]);

        api.MapOperation("Revoke", "Revoke/{vendor}/{connection}", RevokeAsync, "POST")
            .WithSummary("Sign a connection out")
            .WithDescription(
                "Ends the session at the vendor where possible, deletes the tokens everywhere, and issues none until "
                    + "the next Refresh or Enroll. For operators."
            )
            .Returns<SignOutBody>("The result.")
            .ReturnsProblems([.. SignInProblems, ProblemType.VaultNotOwned]);
    }

    /// <summary>Not described as an operation: what a call takes and returns is the vendor's.</summary>
    private static void MapCalls(IEndpointRouteBuilder api) =>
        api.MapMethods(
            "Call/{vendor}/{connection}/{**path}",
            ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            (RequestDelegate)(
                async context =>
                {
                    var handlers = context.RequestServices.GetRequiredService<CallHandlers>();
                    var (request, cancellation) = (context.Request, context.RequestAborted);
                    var result = await handlers.CallAsync(
                        request,
                        request.Vendor(),
                        request.Connection()!,
                        cancellation
                    );
                    await result.ExecuteAsync(context);
                }
            )
        );

    private static Task<IResult> GetTokenAsync(HttpRequest request, CancellationToken cancellation) =>
        Handlers(request).GetTokenAsync(request, request.Vendor(), request.Connection(), cancellation);

    private static Task<IResult> RefreshAsync(HttpRequest request, CancellationToken cancellation) =>
        Operators(request).RefreshAsync(request, request.Vendor(), request.Connection(), cancellation);

    private static Task<IResult> EnrolAsync(HttpRequest request, CancellationToken cancellation) =>
        Operators(request).EnrolAsync(request, request.Vendor(), request.Connection(), cancellation);

    private static Task<IResult> RevokeAsync(HttpRequest request, CancellationToken cancellation) =>
        Operators(request).RevokeAsync(request, request.Vendor(), request.Connection(), cancellation);

    private static TokenHandlers Handlers(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<TokenHandlers>();

    private static OperatorHandlers Operators(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<OperatorHandlers>();
}
