using BackupFunctions.Check;
using BackupFunctions.Connections;
using BackupFunctions.Problems;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Api;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web;

/// <summary>Check, as both hosts serve it: 200 whatever it found, with all findings as JSON.</summary>
public sealed class CheckHandlers(
    RequestAdmission admission,
    AuditTrail audit,
    CheckRunner doctor,
    ConnectionDirectory directory
)
{
    private const string SignIn = "signIn";
    private const string ProbeSave = "probeSave";
    private const string VendorName = "vendor";
    private const string ConnectionName = "connection";

    /// <summary>What the query may have.</summary>
    internal static IReadOnlyList<OperationParameter> Parameters { get; } =
    [
        new(VendorName, "Vendor", "Only this vendor's connections.") { IsVendor = true },
        new(ConnectionName, "Connection", "Only this connection, beside its vendor.")
        {
            Pattern = ConnectionKey.NamePattern,
        },
        new(SignIn, "Sign in", "Whether to sign in at the vendors.") { Type = typeof(bool), Default = true },
        new(ProbeSave, "Try to save", "Whether to save a secret and delete it, to see that it can be done.")
        {
            Type = typeof(bool),
            Default = false,
        },
    ];

    /// <summary>Checks.</summary>
    /// <param name="request">
    /// The request, for its query: <c>signIn=false</c> leaves the sign-ins out, <c>probeSave=true</c> tries to save a secret, <c>vendor</c> and
    /// <c>connection</c> narrow it.
    /// </param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<IResult> CheckAsync(HttpRequest request, CancellationToken cancellationToken) =>
        admission.AdmitAsync(request, Permission.Manage, caller => AnswerAsync(caller, request, cancellationToken));

    private async Task<IResult> AnswerAsync(Caller caller, HttpRequest request, CancellationToken cancellationToken)
    {
        var query = request.Query;
        if (
            !GetTokenParameters.TryFlag(query[SignIn], byDefault: true, out var signsIn)
            || !GetTokenParameters.TryFlag(query[ProbeSave], byDefault: false, out var probesSaving)
        )
        {
            return Reply.OfProblem(
                ProblemType.InvalidParameter,
                "signIn and probeSave must be true or false.",
                vendor: null,
                connection: null
            );
        }

        var (vendor, connection) = (query[VendorName].FirstOrDefault(), query[ConnectionName].FirstOrDefault());
        if (connection is not null && (vendor is null || !ConnectionKey.IsName(connection)))
        {
            return Reply.OfProblem(
                ProblemType.InvalidParameter,
                "connection must be a connection's name, 1 to 40 letters and digits, beside its vendor.",
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
            return Reply.OfCheck(await doctor.RunAsync(asked, progress: null, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody is there any more to read an answer.
            return Results.Empty;
        }
    }
}
