using BackupFunctions.Connections;
using BackupFunctions.Problems;
using BackupFunctions.Status;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Api;
using BackupFunctions.Web.Histories;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

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
    /// <summary>The parameters of the query of Connections.</summary>
    internal static IReadOnlyList<OperationParameter> ListParameters { get; } =
    [new("vendor", "Only this vendor's connections.")];

    /// <summary>The parameters of the query of Status.</summary>
    internal static IReadOnlyList<OperationParameter> StatusParameters { get; } =
    [
        new("history", "Also tell what happened to each connection in the last day.")
        {
            Type = typeof(bool),
            Default = false,
        },
    ];

    /// <summary>Returns the status of every connection; never a token.</summary>
    /// <param name="request">The request, with its caller; <c>history=true</c> in its query adds the last day.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    public Task<IResult> StatusAsync(HttpRequest request, CancellationToken cancellationToken) =>
        AnswerAsync(
            request,
            StatusParameters,
            async () =>
            {
                if (!GetTokenParameters.TryFlag(request.Query["history"], byDefault: false, out var wantsHistory))
                {
                    return Reply.OfProblem(ProblemType.InvalidParameter, "history must be true or false.");
                }

                var report = await reader.ReadAsync(cancellationToken);
                return wantsHistory ? new HistoryReply(report) : StatusReply.Of(report);
            },
            cancellationToken
        );

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
        AnswerAsync(
            request,
            ListParameters,
            async () => await ListAsync(request.Query["vendor"].FirstOrDefault(), cancellationToken),
            cancellationToken
        );

    private async Task<Reply> ListAsync(string? name, CancellationToken cancellationToken)
    {
        var vendor = name is null ? null : directory.FindVendor(name);
        if (vendor is null && name is not null)
        {
            return Reply.OfUnknownVendor(directory, name);
        }

        var connections = await reader.ListAsync(cancellationToken);
        var keys = connections
            .Select(connection => connection.Key)
            .Concat(directory.Misconfigured.Select(wrong => wrong.Key))
            .Where(key => vendor is null || key.Vendor == vendor.Name)
            .OrderBy(key => key.Vendor, StringComparer.Ordinal)
            .ThenBy(key => key.Connection, StringComparer.Ordinal)
            .ToList();
        return Reply.Of(
            new ConnectionsBody(
                [.. keys.Select(key => new ConnectionBody(key.Vendor, key.Connection, key.ToString()))],
                [
                    .. keys.Select(key => key.Vendor)
                        .Distinct(StringComparer.Ordinal)
                        .Select(known => new VendorBody(known, directory.FindVendor(known)!.DisplayName)),
                ]
            ),
            StatusJson.Default.ConnectionsBody
        );
    }

    private Task<IResult> AnswerAsync(
        HttpRequest request,
        IReadOnlyList<OperationParameter> parameters,
        Func<Task<IResult>> answer,
        CancellationToken cancellationToken
    ) =>
        admission.AdmitAsync(request, Permission.ReadConnections, parameters, _ =>
            AnswerAsync(answer, cancellationToken)
        );

    private async Task<IResult> AnswerAsync(Func<Task<IResult>> answer, CancellationToken cancellationToken)
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
