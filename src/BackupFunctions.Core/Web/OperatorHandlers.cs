using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Problems;
using BackupFunctions.Renewal;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web;

/// <summary>Refresh, Enroll and Revoke, for both hosts. Each is audited, whatever its outcome.</summary>
public sealed class OperatorHandlers(
    RequestAdmission admission,
    AuditTrail audit,
    ConnectionRequests requests,
    TokenBroker broker,
    RenewalOptions options,
    TimeProvider time
)
{
    /// <summary>
    /// Renews a token now, even if backing off. The reply describes the new token without returning it.
    /// </summary>
    /// <param name="request">The request, with its caller.</param>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route; null for <c>default</c>.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    public Task<IResult> RefreshAsync(
        HttpRequest request,
        string vendor,
        string? connection,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            request,
            (vendor, connection),
            audit.Refreshed,
            (found, caller) => RefreshAsync(found, caller, cancellationToken),
            cancellationToken
        );

    /// <summary>Signs in with a one-time code from a person. The reply is that of a refresh.</summary>
    /// <param name="request">The request, with its caller and the code in its body.</param>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route; null for <c>default</c>.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    public Task<IResult> EnrolAsync(
        HttpRequest request,
        string vendor,
        string? connection,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            request,
            (vendor, connection),
            audit.Enrolled,
            (found, caller) => EnrolAsync(request, found, caller, cancellationToken),
            cancellationToken
        );

    /// <summary>Signs the connection out here and, if the vendor supports it, at the vendor.</summary>
    /// <param name="request">The request, with its caller.</param>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    public Task<IResult> RevokeAsync(
        HttpRequest request,
        string vendor,
        string? connection,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            request,
            (vendor, connection),
            (caller, key, outcome, _) => audit.SignedOut(caller, key, outcome),
            (found, caller) => SignOutAsync(found, caller, cancellationToken),
            cancellationToken
        );

    private async Task<(Reply Reply, string? Fingerprint)> RefreshAsync(
        Connection connection,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var token = await broker.RefreshNowAsync(connection, cancellationToken, caller.ShortName);
        return (Reply.OfRefresh(connection, token, time.GetUtcNow()), token.Fingerprint);
    }

    private async Task<(Reply Reply, string? Fingerprint)> EnrolAsync(
        HttpRequest request,
        Connection connection,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (connection.Vendor.OneTimeCodeDigits is not { } digits)
        {
            var finding =
                $"{connection.Vendor.Name} does not use enrolment: its connections sign in with their credentials "
                + $"alone. Use POST /api/Refresh/{connection.Key} to sign in now.";
            return (Reply.OfInvalidParameter(connection, finding), null);
        }

        if (!options.MaySpendRefreshTokens)
        {
            return (VaultNotOwned(connection, "enrol the connection"), null);
        }

        var (code, problem) = await EnrolmentCode.ReadAsync(request, digits, cancellationToken);
        if (code is null)
        {
            return (Reply.OfInvalidParameter(connection, problem), null);
        }

        var token = await broker.EnrolAsync(connection, code, cancellationToken, caller.ShortName);
        return (Reply.OfRefresh(connection, token, time.GetUtcNow()), token.Fingerprint);
    }

    private async Task<(Reply Reply, string? Fingerprint)> SignOutAsync(
        Connection connection,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (!options.MaySpendRefreshTokens)
        {
            return (VaultNotOwned(connection, "sign the connection out"), null);
        }

        var report = await broker.SignOutAsync(connection, cancellationToken, caller.ShortName);
        return (Reply.OfSignOut(connection, report), null);
    }

    private Task<IResult> RunAsync(
        HttpRequest request,
        (string Vendor, string? Connection) route,
        Action<Caller, ConnectionKey, string, string?> record,
        Func<Connection, Caller, Task<(Reply Reply, string? Fingerprint)>> act,
        CancellationToken cancellationToken
    ) => admission.AdmitAsync(request, Permission.Manage, [], async caller =>
        {
            ConnectionKey? key = null;
            string? fingerprint = null;
            var result = await requests.AnswerAsync(
                route.Vendor,
                ConnectionRequests.NameOf(route.Connection),
                async connection =>
                {
                    key = connection.Key;
                    (var reply, fingerprint) = await act(connection, caller);
                    return reply;
                },
                cancellationToken
            );
            if (key is { } found)
            {
                record(caller, found, Reply.OutcomeOf(result), fingerprint);
            }

            return result;
        });

    private static Reply VaultNotOwned(Connection connection, string action) =>
        Reply.OfProblem(
            ProblemType.VaultNotOwned,
            $"This host does not {action}, because a deployed app may own this vault. Use that app, or start this host "
                + "with --own-the-vault if there is none.",
            connection.Vendor.Name,
            connection.Key.Connection
        );
}
