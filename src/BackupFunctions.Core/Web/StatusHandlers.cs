using BackupFunctions.Connections;
using BackupFunctions.Problems;
using BackupFunctions.Status;
using BackupFunctions.Web.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace BackupFunctions.Web;

/// <summary>Status, Health and Connections, for both hosts.</summary>
public sealed class StatusHandlers(
    RequestAdmission admission,
    StatusReader reader,
    ConnectionDirectory directory,
    ILogger<StatusHandlers> logger,
    IHostApplicationLifetime? lifetime = null
)
{
    /// <summary>Returns the status of every connection; never a token.</summary>
    /// <param name="request">The request, with its caller.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    public Task<IResult> StatusAsync(HttpRequest request, CancellationToken cancellationToken) =>
        AnswerAsync(request, async () => StatusReply.Of(await reader.ReadAsync(cancellationToken)), cancellationToken);

    /// <summary>
    /// Whether this process serves requests: 503 once it is stopping. Calls neither vault nor vendor.
    /// </summary>
    public IResult Health()
    {
        var isAlive = lifetime?.ApplicationStopping.IsCancellationRequested != true;
        return Reply.Of(
            new HealthBody(isAlive),
            StatusJson.Default.HealthBody,
            isAlive ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    /// <summary>Lists the connections' names.</summary>
    /// <param name="request">The request; <c>vendor</c> in its query limits the list to that vendor.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    public Task<IResult> ConnectionsAsync(HttpRequest request, CancellationToken cancellationToken) =>
        AnswerAsync(request, () => ListAsync(request.Query["vendor"], cancellationToken), cancellationToken);

    private async Task<Reply> ListAsync(StringValues vendors, CancellationToken cancellationToken)
    {
        if (vendors.Count > 1)
        {
            return Reply.OfProblem(ProblemType.InvalidParameter, "vendor may be given only once.");
        }

        var vendor = vendors.Count == 0 ? null : directory.FindVendor(vendors[0] ?? "");
        if (vendor is null && vendors.Count == 1)
        {
            return Reply.OfUnknownVendor(directory, vendors[0] ?? "");
        }

        var connections = await reader.ListAsync(cancellationToken);
        return Reply.Of(
            new ConnectionsBody([
                .. connections
                    .Select(connection => connection.Key)
                    .Concat(directory.Misconfigured.Select(wrong => wrong.Key))
                    .Where(key => vendor is null || key.Vendor == vendor.Name)
                    .OrderBy(key => key.Vendor, StringComparer.Ordinal)
                    .ThenBy(key => key.Connection, StringComparer.Ordinal)
                    .Select(key => new ConnectionBody(key.Vendor, key.Connection, key.ToString())),
            ]),
            StatusJson.Default.ConnectionsBody
        );
    }

    private Task<IResult> AnswerAsync(
        HttpRequest request,
        Func<Task<Reply>> answer,
        CancellationToken cancellationToken
    ) => admission.AdmitAsync(request, Permission.ReadConnections, _ => AnswerAsync(answer, cancellationToken));

    private async Task<IResult> AnswerAsync(Func<Task<Reply>> answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller is gone.
            return Results.Empty;
        }
        catch (Exception exception)
        {
            HttpLog.FaultOfAll(logger, exception);
            return Reply.OfFault();
        }
    }
}
