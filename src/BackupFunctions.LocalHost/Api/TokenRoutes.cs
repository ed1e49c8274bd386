using BackupFunctions.Problems;
using BackupFunctions.Tokens;
using BackupFunctions.Web;

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
        api.MapOperation("GetToken", "GetToken/{vendor}/{connection?}", GetTokenAsync, "GET", "POST")
            .WithSummary("Get a token")
            .WithDescription(
                "A bearer token that works now. One that is there costs no call of the vendor: ask again instead of "
                    + "keeping it. After a 401 of the vendor ask once more, with the fingerprint of that token as "
                    + "rejected."
            )
            .Takes(GetTokenParameters.All)
            .Returns<string>("The bare token, for callers that prefer text/plain.", mediaType: "text/plain")
            .Returns<TokenBody>("The token.")
            .ReturnsProblems(SignInProblems);

        api.MapOperation("Refresh", "Refresh/{vendor}/{connection?}", RefreshAsync, "POST")
            .WithSummary("Sign in now")
            .WithDescription(
                "Signs in whatever back-off, refusal or sign-out stands in the way, and tells of the new token without "
                    + "showing it. For operators."
            )
            .Returns<RefreshBody>("What the new token is.")
            .ReturnsProblems(SignInProblems);

        api.MapOperation("Enroll", "Enroll/{vendor}/{connection?}", EnrolAsync, "POST")
            .WithSummary("Enrol an account with a one-time code")
            .WithDescription(
                "Signs in with a code that a person reads from the authenticator app, for accounts with MFA whose TOTP "
                    + "secret is not in the vault. For operators."
            )
            .WithMetadata(typeof(EnrolmentRequest))
            .Returns<RefreshBody>("What the new token is.")
            .ReturnsProblems([.. SignInProblems, ProblemType.VaultNotOwned]);

        api.MapOperation("Revoke", "Revoke/{vendor}/{connection}", RevokeAsync, "POST")
            .WithSummary("Sign a connection out")
            .WithDescription(
                "Ends the session at the vendor where it can, removes the tokens everywhere, and hands none out until "
                    + "a Refresh or an enrolment. For operators."
            )
            .Returns<SignOutBody>("How it went.")
            .ReturnsProblems([.. SignInProblems, ProblemType.VaultNotOwned]);
    }

    private static Task<IResult> GetTokenAsync(HttpRequest request, CancellationToken cancellation) =>
        Handlers(request).GetTokenAsync(request, request.Vendor(), request.Connection(), cancellation);

    private static Task<IResult> RefreshAsync(HttpRequest request, CancellationToken cancellation) =>
        Handlers(request).RefreshAsync(request, request.Vendor(), request.Connection(), cancellation);

    private static Task<IResult> EnrolAsync(HttpRequest request, CancellationToken cancellation) =>
        Handlers(request).EnrolAsync(request, request.Vendor(), request.Connection(), cancellation);

    private static Task<IResult> RevokeAsync(HttpRequest request, CancellationToken cancellation) =>
        Handlers(request).RevokeAsync(request, request.Vendor(), request.Connection(), cancellation);

    private static TokenHandlers Handlers(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<TokenHandlers>();
}
