using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Diagnostics;
using BackupFunctions.Tokens;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web;

/// <summary>GetToken, for both hosts.</summary>
public sealed class TokenHandlers(
    RequestAdmission admission,
    AuditTrail audit,
    ConnectionRequests requests,
    TokenBroker broker,
    TenantTokens tenants,
    TimeProvider time
)
{
    /// <summary>Returns a connection's token.</summary>
    /// <param name="request">The request, with its caller, query and Accept header.</param>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route; null for <c>default</c>.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    public async Task<IResult> GetTokenAsync(
        HttpRequest request,
        string vendor,
        string? connection,
        CancellationToken cancellationToken
    )
    {
        var name = ConnectionRequests.NameOf(connection);
        var vendorAttribute = requests.VendorAttribute(vendor);
        using var span = Spans.Start(Spans.GetToken);
        span?.SetTag("vendor", vendorAttribute).SetTag("connection", SafeName.Of(name));
        var result = await admission.AdmitAsync(
            request,
            Permission.ReadToken(SafeName.Of(vendor), SafeName.Of(name)),
            GetTokenParameters.All,
            caller =>
                requests.AnswerAsync(
                    vendor,
                    name,
                    found => GetTokenAsync(request, caller, found, cancellationToken),
                    cancellationToken
                )
        );
        var outcome = Reply.OutcomeOf(result);
        span?.End(outcome);
        Instruments.RequestCounter.Add(1, new("vendor", vendorAttribute), new("outcome", outcome));
        return result;
    }

    private async Task<Reply> GetTokenAsync(
        HttpRequest request,
        Caller caller,
        Connection connection,
        CancellationToken cancellationToken
    )
    {
        if (GetTokenParameters.Read(request, out var finding) is not { } parameters)
        {
            return Reply.OfInvalidParameter(connection, finding);
        }

        if (parameters.Tenant is { } tenant && FindMisplacedTenant(connection, tenant) is { } misplaced)
        {
            return Reply.OfInvalidParameter(connection, misplaced);
        }

        var token = await GetTokenAsync(
            connection,
            parameters.Query with
            {
                AskedBy = caller.ShortName,
            },
            parameters.Tenant,
            cancellationToken
        );
        var now = time.GetUtcNow();
        audit.Issued(caller, connection.Key, token, parameters.Tenant);
        Instruments.RemainingLifetimes.Record(
            (token.ExpiresAt - now).TotalSeconds,
            new KeyValuePair<string, object?>("vendor", connection.Key.Vendor)
        );
        return GetTokenParameters.WantsBareToken(request)
            ? Reply.OfBareToken(token)
            : Reply.OfToken(connection, token, now);
    }

    private async ValueTask<AccessToken> GetTokenAsync(
        Connection connection,
        TokenRequest request,
        Guid? wanted,
        CancellationToken cancellationToken
    ) =>
        wanted is { } tenant && tenant != connection.TenantId
            ? await tenants.GetAsync(connection, tenant, request, cancellationToken)
            : await broker.GetAsync(connection, request, cancellationToken);

    private static string? FindMisplacedTenant(Connection connection, Guid tenant)
    {
        if (!connection.Vendor.GrantsTenantTokens)
        {
            return $"{connection.Vendor.Name} does not support the tenant parameter.";
        }

        if (connection.TenantId is not { } own || own == tenant)
        {
            return null;
        }

        return $"The settings scope this connection to tenant {own}; "
            + "for another tenant use a connection without TenantId.";
    }
}
