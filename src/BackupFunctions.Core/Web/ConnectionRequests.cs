using BackupFunctions.Connections;
using BackupFunctions.Problems;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Web;

/// <summary>Answers requests for one connection: finds it, and turns failures into problems.</summary>
public sealed class ConnectionRequests(
    ConnectionDirectory directory,
    ConnectionReloader reloader,
    ILogger<ConnectionRequests> logger
)
{
    /// <summary>The connection's name in a route that may end before it.</summary>
    internal static string NameOf(string? connection) =>
        string.IsNullOrEmpty(connection) ? ConnectionDirectory.DefaultName : connection;

    /// <summary>A vendor's name as a metric's attribute: all unknown names are one value.</summary>
    internal string VendorAttribute(string name) => directory.FindVendor(name)?.Name ?? "unknown";

    /// <summary>Finds the connection and answers the request for it.</summary>
    /// <param name="vendorName">The vendor's name, from the route.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="answer">Answers.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    /// <param name="isForToken">Whether the answer needs a token, which a static key is not.</param>
    internal async Task<IResult> AnswerAsync<TReply>(
        string vendorName,
        string name,
        Func<Connection, Task<TReply>> answer,
        CancellationToken cancellationToken,
        bool isForToken = true
    )
        where TReply : IResult
    {
        if (directory.FindVendor(vendorName) is not { } vendor)
        {
            return Reply.OfUnknownVendor(directory, vendorName, SafeName.Of(name));
        }

        var key = new ConnectionKey(vendor.Name, SafeName.Of(name).ToLowerInvariant());
        try
        {
            if (await reloader.FindAsync(vendor, name, cancellationToken) is not { } connection)
            {
                return UnknownConnection(vendor, SafeName.Of(name));
            }

            return isForToken && !vendor.IssuesTokens ? NoTokens(connection) : await answer(connection);
        }
        catch (TokenException exception)
        {
            var failure = exception.Failure;
            HttpLog.NotServed(logger, key, failure.Kind, failure.Detail);
            return Reply.OfProblem(ProblemType.Of(failure.Kind), failure.Detail, vendor.Name, key.Connection, failure);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller is gone.
            return Results.Empty;
        }
        catch (Exception exception)
        {
            HttpLog.Fault(logger, key, exception);
            return Reply.OfFault(vendor.Name, key.Connection);
        }
    }

    private static Reply NoTokens(Connection connection) =>
        Reply.OfProblem(
            ProblemType.NoTokens,
            $"{connection.Vendor.DisplayName} issues no tokens. Its connections have a static key, "
                + "which no caller gets.",
            connection.Vendor.Name,
            connection.Key.Connection
        );

    private static Reply UnknownConnection(VendorProfile vendor, string name) =>
        Reply.OfProblem(
            ProblemType.UnknownConnection,
            "No setting and no secret in the vault defines this connection. Its settings would start with "
                + $"Connections:{vendor.SettingsName}:{name}:.",
            vendor.Name,
            name
        );
}
