using BackupFunctions.Access;
using BackupFunctions.Audit;
using BackupFunctions.Check;
using BackupFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace BackupFunctions.Http;

/// <summary>Check, as both hosts serve it: 200 whatever it found, with all findings as JSON.</summary>
public sealed class CheckHandlers(AccessGate gate, AuditTrail audit, Doctor doctor, ConnectionDirectory directory)
{
    /// <summary>Checks.</summary>
    /// <param name="request">
    /// The request, for its query: <c>signIn=false</c> leaves the sign-ins out, <c>probeSave=true</c> tries to save a secret, <c>vendor</c> and
    /// <c>connection</c> narrow it.
    /// </param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<IResult> CheckAsync(HttpRequest request, CancellationToken cancellationToken) =>
        gate.AdmitAsync(request, Right.Manage, caller => AnswerAsync(caller, request, cancellationToken));

    private async Task<IResult> AnswerAsync(Caller caller, HttpRequest request, CancellationToken cancellationToken)
    {
        var query = request.Query;
        if (!TryFlag(query["signIn"], byDefault: true, out var signsIn) || !TryFlag(query["probeSave"], byDefault: false, out var probesSaving))
        {
            return Reply.OfProblem(ProblemType.InvalidParameter, "signIn and probeSave must be true or false.", vendor: null, connection: null);
        }

        var (vendor, connection) = (query["vendor"].FirstOrDefault(), query["connection"].FirstOrDefault());
        if (connection is not null && (vendor is null || !ConnectionKey.IsName(connection)))
        {
            return Reply.OfProblem(ProblemType.InvalidParameter, "connection must be a connection's name, 1 to 40 letters and digits, beside its vendor.", vendor: null, connection: null);
        }

        if (vendor is not null && directory.FindVendor(vendor) is null)
        {
            return Reply.OfProblem(ProblemType.UnknownVendor, $"The vendors are {string.Join(", ", directory.Vendors.Select(known => known.Name))}.", vendor: null, connection: null);
        }

        var asked = new CheckRequest { Vendor = vendor, Connection = connection, SignsIn = signsIn, ProbesSaving = probesSaving };
        audit.Checked(caller, connection is null ? vendor ?? "all" : $"{vendor}/{connection}", signsIn);
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

    private static bool TryFlag(StringValues values, bool byDefault, out bool flag)
    {
        flag = byDefault;
        return values.Count == 0 || (values.Count == 1 && bool.TryParse(values[0], out flag));
    }
}
