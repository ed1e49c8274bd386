using BackupFunctions.Connections;
using BackupFunctions.Problems;
using BackupFunctions.Status;
using BackupFunctions.Web.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Web;

/// <summary>Status, Health and Connections, as both hosts serve them.</summary>
public sealed class StatusHandlers(
    RequestAdmission admission,
    StatusReader reader,
    ConnectionDirectory directory,
    ILogger<StatusHandlers> logger,
    IHostApplicationLifetime? lifetime = null
)
{
    /// <summary>Tells how every connection is; never a token.</summary>
    /// <param name="request">The request, for its caller.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<IResult> StatusAsync(HttpRequest request, CancellationToken cancellationToken) =>
        AnswerAsync(request, async () => StatusReply.Of(await reader.ReadAsync(cancellationToken)), cancellationToken);

    /// <summary>Says whether this process serves: 503 once it is stopping. Neither vault nor vendor is asked, and nothing is named.</summary>
    public IResult Health()
    {
        var isAlive = lifetime?.ApplicationStopping.IsCancellationRequested != true;
        return Reply.Of(
            new HealthBody(isAlive),
            StatusJson.Default.HealthBody,
            isAlive ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    /// <summary>Lists the connections by name, for who chooses one.</summary>
    /// <param name="request">The request, for <c>vendor</c> in its query: only that vendor's.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<IResult> ConnectionsAsync(HttpRequest request, CancellationToken cancellationToken) =>
        AnswerAsync(
            request,
            async () =>
            {
                var wanted = request.Query["vendor"];
                if (wanted.Count > 1)
                {
                    return Reply.OfProblem(
                        ProblemType.InvalidParameter,
                        "vendor must be given once, or not at all.",
                        vendor: null,
                        connection: null
                    );
                }

                if (wanted.Count == 1 && directory.FindVendor(wanted[0] ?? "") is null)
                {
                    return UnknownVendor(wanted[0] ?? "");
                }

                var targets = await reader.ListAsync(cancellationToken);
                return Reply.Of(
                    new ConnectionsBody([
                        .. targets
                            .Select(target => target.Key)
                            .Where(key =>
                                wanted.Count == 0 || key.Vendor.Equals(wanted[0], StringComparison.OrdinalIgnoreCase)
                            )
                            .Select(key => new ConnectionBody(key.Vendor, key.Connection, key.ToString())),
                    ]),
                    StatusJson.Default.ConnectionsBody
                );
            },
            cancellationToken
        );

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
            // Nobody is there any more to read an answer.
            return Results.Empty;
        }
        catch (Exception exception)
        {
            HttpLog.FaultOfAll(logger, exception);
            return Reply.OfProblem(
                ProblemType.InternalError,
                "The log of this service has the exception.",
                vendor: null,
                connection: null
            );
        }
    }

    private Reply UnknownVendor(string name) =>
        Reply.OfProblem(
            ProblemType.UnknownVendor,
            $"The vendors are {string.Join(", ", directory.Vendors.Select(known => known.Name))}.",
            SafeName.Of(name),
            connection: null
        );
}
