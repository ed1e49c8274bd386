using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Diagnostics;
using BackupFunctions.Problems;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Web;

/// <summary>GetToken and Refresh, as both hosts serve them (design.md, "GET or POST /api/GetToken/{vendor}/{connection?}").</summary>
public sealed class TokenHandlers(
    RequestAdmission admission,
    AuditTrail audit,
    ConnectionDirectory directory,
    ConnectionReloader news,
    TokenBroker broker,
    TenantTokens tenants,
    RenewalOptions options,
    TimeProvider time,
    ILogger<TokenHandlers> logger
)
{
    private readonly TokenReplies _replies = new();

    /// <summary>Hands a token out.</summary>
    /// <param name="request">The request, for its caller, its query and its Accept header.</param>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route; null for <c>default</c>.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public async Task<IResult> GetTokenAsync(
        HttpRequest request,
        string vendor,
        string? connection,
        CancellationToken cancellationToken
    )
    {
        using var span = Spans.Start(Spans.GetToken);
        var name = NameOf(connection);
        span?.SetTag("vendor", KnownVendor(vendor)).SetTag("connection", SafeName.Of(name));
        var result = await admission.AdmitAsync(
            request,
            Permission.ReadToken(SafeName.Of(vendor), SafeName.Of(name)),
            caller =>
                AnswerAsync(
                    vendor,
                    name,
                    target => HandOutAsync(request, caller, target, cancellationToken),
                    cancellationToken
                )
        );
        var outcome = OutcomeOf(result);
        span?.End(outcome);
        Instruments.RequestCounter.Add(1, new("vendor", KnownVendor(vendor)), new("outcome", outcome));
        return result;
    }

    /// <summary>Renews now, whatever back-off says. The reply tells of the new token without handing it out.</summary>
    /// <param name="request">The request, for its caller.</param>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route; null for <c>default</c>.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<IResult> RefreshAsync(
        HttpRequest request,
        string vendor,
        string? connection,
        CancellationToken cancellationToken
    ) =>
        OperateAsync(
            request,
            vendor,
            connection,
            audit.Refreshed,
            async target =>
            {
                var token = await broker.RefreshNowAsync(target, cancellationToken);
                return (Reply.OfRefresh(target, token, time.GetUtcNow()), token.Fingerprint);
            },
            cancellationToken
        );

    private async Task<Reply> HandOutAsync(
        HttpRequest request,
        Caller caller,
        Connection target,
        CancellationToken cancellationToken
    )
    {
        if (GetTokenParameters.Read(request, out var finding) is not { } parameters)
        {
            return Invalid(target, finding);
        }

        var (connection, tenant) = (target, parameters.Tenant);
        if (tenant is not null && Misplaced(target, tenant.Value) is { } misplaced)
        {
            return Invalid(target, misplaced);
        }

        var token =
            tenant is null || tenant == connection.TenantId
                ? await broker.GetAsync(target, parameters.Query, cancellationToken)
                : await tenants.GetAsync(target, tenant.Value, parameters.Query, cancellationToken);
        var now = time.GetUtcNow();
        audit.Issued(caller, connection.Key, token, tenant);
        Instruments.RemainingLifetimes.Record(
            (token.ExpiresAt - now).TotalSeconds,
            new KeyValuePair<string, object?>("vendor", connection.Key.Vendor)
        );
        return GetTokenParameters.WantsBareToken(request)
            ? Reply.OfBareToken(token)
            : _replies.Of(connection, token, now);
    }

    /// <summary>Signs in with a one-time code that a person gives. The reply is that of a renewal.</summary>
    /// <param name="request">The request, for the code in its body.</param>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route; null for <c>default</c>.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<IResult> EnrolAsync(
        HttpRequest request,
        string vendor,
        string? connection,
        CancellationToken cancellationToken
    ) =>
        OperateAsync(
            request,
            vendor,
            connection,
            audit.Enrolled,
            async target =>
            {
                if (target.Vendor.OneTimeCodeDigits is not { } digits)
                {
                    return (
                        Invalid(
                            target,
                            $"{target.Vendor.Name} has no enrolment: its connections sign in with their credentials alone. POST /api/Refresh/{target.Key} signs in now."
                        ),
                        null
                    );
                }

                if (!options.MaySpendRefreshTokens)
                {
                    return (NotOwned(target, "enrol the connection"), null);
                }

                var (code, finding) = await EnrolmentCode.ReadAsync(request, digits, cancellationToken);
                if (code is null)
                {
                    return (Invalid(target, finding), null);
                }

                var token = await broker.EnrolAsync(target, code, cancellationToken);
                return (Reply.OfRefresh(target, token, time.GetUtcNow()), token.Fingerprint);
            },
            cancellationToken
        );

    /// <summary>Signs the connection out, at the vendor where it can, and everywhere here.</summary>
    /// <param name="request">The request, for its caller.</param>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<IResult> RevokeAsync(
        HttpRequest request,
        string vendor,
        string? connection,
        CancellationToken cancellationToken
    ) =>
        OperateAsync(
            request,
            vendor,
            connection,
            (caller, key, outcome, _) => audit.SignedOut(caller, key, outcome),
            async target =>
                (
                    options.MaySpendRefreshTokens
                        ? Reply.OfSignOut(target, await broker.SignOutAsync(target, cancellationToken))
                        : NotOwned(target, "sign the connection out"),
                    null
                ),
            cancellationToken
        );

    /// <summary>What operators do is put on record, whatever comes of it.</summary>
    private Task<IResult> OperateAsync(
        HttpRequest request,
        string vendor,
        string? connection,
        Action<Caller, ConnectionKey, string, string?> record,
        Func<Connection, Task<(Reply Reply, string? Fingerprint)>> act,
        CancellationToken cancellationToken
    ) => admission.AdmitAsync(request, Permission.Manage, async caller =>
        {
            var (key, fingerprint) = ((ConnectionKey?)null, (string?)null);
            var result = await AnswerAsync(
                vendor,
                NameOf(connection),
                async target =>
                {
                    key = target.Key;
                    (var reply, fingerprint) = await act(target);
                    return reply;
                },
                cancellationToken
            );
            if (key is { } tried)
            {
                record(caller, tried, OutcomeOf(result), fingerprint);
            }

            return result;
        });

    private async Task<IResult> AnswerAsync(
        string vendorName,
        string name,
        Func<Connection, Task<Reply>> answer,
        CancellationToken cancellationToken
    )
    {
        if (directory.FindVendor(vendorName) is not { } vendor)
        {
            return Reply.OfProblem(
                ProblemType.UnknownVendor,
                $"The vendors are {string.Join(", ", directory.Vendors.Select(known => known.Name))}.",
                SafeName.Of(vendorName),
                SafeName.Of(name)
            );
        }

        try
        {
            return await news.FindAsync(vendor, name, cancellationToken) is { } target
                ? await answer(target)
                : Reply.OfProblem(
                    ProblemType.UnknownConnection,
                    $"No settings describe this connection, and no secret of the vault defines it. Settings would begin with Connections:{vendor.SettingsName}:{SafeName.Of(name)}:.",
                    vendor.Name,
                    SafeName.Of(name)
                );
        }
        catch (TokenException exception)
        {
            var (failure, key) = (exception.Failure, KeyOf(vendor, name));
            HttpLog.NotServed(logger, key, failure.Kind, failure.Detail);
            return Reply.OfProblem(ProblemType.Of(failure.Kind), failure.Detail, vendor.Name, key.Connection, failure);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody is there any more to read an answer.
            return Results.Empty;
        }
        catch (Exception exception)
        {
            var key = KeyOf(vendor, name);
            HttpLog.Fault(logger, key, exception);
            return Reply.OfProblem(
                ProblemType.InternalError,
                "The log of this service has the exception.",
                vendor.Name,
                key.Connection
            );
        }
    }

    private static ConnectionKey KeyOf(VendorProfile vendor, string name) =>
        new(vendor.Name, SafeName.Of(name).ToLowerInvariant());

    private static Reply NotOwned(Connection target, string what) =>
        Reply.OfProblem(
            ProblemType.VaultNotOwned,
            $"A deployed app may own this vault, so that this host does not {what}. Ask the app, or start this host with --own-the-vault if there is none.",
            target.Vendor.Name,
            target.Key.Connection
        );

    private static Reply Invalid(Connection target, string finding) =>
        Reply.OfProblem(ProblemType.InvalidParameter, finding, target.Vendor.Name, target.Key.Connection);

    private static string? Misplaced(Connection target, Guid tenant) =>
        !target.Vendor.GrantsTenantTokens ? $"tenant has no meaning at {target.Vendor.Name}."
        : target.TenantId is { } own && own != tenant
            ? $"This connection's token is scoped to tenant {own} by its settings; another tenant needs a connection without TenantId."
        : null;

    private static string NameOf(string? connection) =>
        string.IsNullOrEmpty(connection) ? ConnectionDirectory.DefaultName : connection;

    private static string OutcomeOf(IResult result) => (result as Reply)?.Outcome ?? OutcomeName.Gone;

    /// <summary>A name as an attribute of a metric: what callers make up is one value.</summary>
    private string KnownVendor(string name) => directory.FindVendor(name)?.Name ?? "unknown";
}
