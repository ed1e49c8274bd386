using BackupFunctions.Check;
using BackupFunctions.Connections;
using BackupFunctions.Problems;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Api;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web;

/// <summary>Serves Check in both hosts: always 200, with all findings as JSON.</summary>
public sealed class CheckHandlers(
    RequestAdmission admission,
    AuditTrail audit,
    CheckRunner runner,
    ConnectionDirectory directory
)
{
    private const string SignIn = "signIn";
    private const string ProbeSave = "probeSave";
    private const string ProblemsOnly = "problemsOnly";
    private const string VendorName = "vendor";
    private const string ConnectionName = "connection";

    /// <summary>The parameters of the query.</summary>
    internal static IReadOnlyList<OperationParameter> Parameters { get; } =
    [
        new(VendorName, "Checks only this vendor's connections."),
        new(ConnectionName, "Checks only this connection; needs its vendor.") { Pattern = ConnectionKey.NamePattern },
        new(SignIn, "Whether to sign in at the vendors.") { Type = typeof(bool), Default = true },
        new(ProbeSave, "Whether to save a disabled secret in each vault, to prove that saving works.")
        {
            Type = typeof(bool),
            Default = false,
        },
        new(ProblemsOnly, "Whether to leave out what is well or was skipped.") { Type = typeof(bool), Default = false },
    ];

    /// <summary>
    /// Runs a check. In the query <c>signIn=false</c> skips the sign-ins, <c>probeSave=true</c> tries to save a secret,
    /// <c>vendor</c> and <c>connection</c> limit the check, and <c>problemsOnly=true</c> limits the reply.
    /// </summary>
    public Task<IResult> CheckAsync(HttpRequest request, CancellationToken cancellationToken) =>
        admission.AdmitAsync(request, Permission.Manage, Parameters, caller =>
            AnswerAsync(caller, request, cancellationToken)
        );

    private async Task<IResult> AnswerAsync(Caller caller, HttpRequest request, CancellationToken cancellationToken)
    {
        var query = request.Query;
        if (
            !GetTokenParameters.TryFlag(query[SignIn], byDefault: true, out var signsIn)
            || !GetTokenParameters.TryFlag(query[ProbeSave], byDefault: false, out var probesSaving)
            || !GetTokenParameters.TryFlag(query[ProblemsOnly], byDefault: false, out var problemsOnly)
        )
        {
            return Reply.OfProblem(
                ProblemType.InvalidParameter,
                "signIn, probeSave and problemsOnly must be true or false.",
                vendor: null,
                connection: null
            );
        }

        var (vendor, connection) = (query[VendorName].FirstOrDefault(), query[ConnectionName].FirstOrDefault());
        if (connection is not null && (vendor is null || !ConnectionKey.IsName(connection)))
        {
            return Reply.OfProblem(
                ProblemType.InvalidParameter,
                "connection must be a valid name (1 to 40 letters and digits), and needs its vendor.",
                vendor: null,
                connection: null
            );
        }

        var known = vendor is null ? null : directory.FindVendor(vendor);
        if (vendor is not null && known is null)
        {
            return Reply.OfProblem(
                ProblemType.UnknownVendor,
                $"The vendors are {string.Join(", ", directory.Vendors.Select(one => one.Name))}.",
                vendor: null,
                connection: null
            );
        }

        var asked = new CheckRequest
        {
            Vendor = known?.Name,
            Connection = connection?.ToLowerInvariant(),
            SignsIn = signsIn,
            ProbesSaving = probesSaving,
        };
        audit.Checked(
            caller,
            asked.Connection is null ? asked.Vendor ?? "all" : $"{asked.Vendor}/{asked.Connection}",
            signsIn
        );
        try
        {
            return Reply.OfCheck(await runner.RunAsync(asked, progress: null, cancellationToken), problemsOnly);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller has gone.
            return Results.Empty;
        }
    }
}
