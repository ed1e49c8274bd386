using BackupFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Http;

/// <summary>GetToken and Refresh, as both hosts serve them (design.md, "GET or POST /api/GetToken/{vendor}/{connection?}").</summary>
public sealed class TokenHandlers(
    ConnectionDirectory directory, ConnectionNews news, TokenBroker broker, TenantTokens tenants, RenewalOptions options, TimeProvider time, ILogger<TokenHandlers> logger)
{
    /// <summary>Hands a token out.</summary>
    /// <param name="request">The request, for its query and its Accept header.</param>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route; null for <c>default</c>.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<IResult> GetTokenAsync(HttpRequest request, string vendor, string? connection, CancellationToken cancellationToken) =>
        AnswerAsync(vendor, connection, async target =>
        {
            if (GetTokenParameters.Read(request, out var finding) is not { } parameters)
            {
                return Invalid(target, finding);
            }

            var (vendorConnection, tenant) = (target.Connection, parameters.Tenant);
            if (tenant is not null && Misplaced(target, tenant.Value) is { } misplaced)
            {
                return Invalid(target, misplaced);
            }

            var token = tenant is null || tenant == vendorConnection.OwnTenant
                ? await broker.GetAsync(target, parameters.Query, cancellationToken)
                : await tenants.GetAsync(target, tenant.Value, parameters.Query, cancellationToken);
            return GetTokenParameters.WantsBareToken(request) ? Reply.OfBareToken(token) : Reply.OfToken(vendorConnection, token, time.GetUtcNow());
        }, cancellationToken);

    /// <summary>Renews now, whatever back-off says. The reply tells of the new token without handing it out.</summary>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route; null for <c>default</c>.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<IResult> RefreshAsync(string vendor, string? connection, CancellationToken cancellationToken) =>
        AnswerAsync(vendor, connection, async target =>
            Reply.OfRefresh(target.Connection, await broker.RefreshNowAsync(target, cancellationToken), time.GetUtcNow()), cancellationToken);

    /// <summary>Signs in with a one-time code that a person gives. The reply is that of a renewal.</summary>
    /// <param name="request">The request, for the code in its body.</param>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route; null for <c>default</c>.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<IResult> EnrolAsync(HttpRequest request, string vendor, string? connection, CancellationToken cancellationToken) =>
        AnswerAsync(vendor, connection, async target =>
        {
            if (target.Vendor.EnrolmentCodeDigits is not { } digits)
            {
                return Invalid(target, $"{target.Vendor.Name} has no enrolment: its connections sign in with their credentials alone. POST /api/Refresh/{target.Connection.Key} signs in now.");
            }

            if (!options.MaySpendRefreshTokens)
            {
                return NotOwned(target, "enrol the connection");
            }

            var (code, finding) = await EnrolmentCode.ReadAsync(request, digits, cancellationToken);
            return code is null
                ? Invalid(target, finding)
                : Reply.OfRefresh(target.Connection, await broker.EnrolAsync(target, code, cancellationToken), time.GetUtcNow());
        }, cancellationToken);

    /// <summary>Signs the connection out, at the vendor where it can, and everywhere here.</summary>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<IResult> RevokeAsync(string vendor, string? connection, CancellationToken cancellationToken) =>
        AnswerAsync(vendor, connection, async target => options.MaySpendRefreshTokens
            ? Reply.OfSignOut(target.Connection, await broker.SignOutAsync(target, cancellationToken))
            : NotOwned(target, "sign the connection out"), cancellationToken);

    private async Task<IResult> AnswerAsync(
        string vendorName, string? connectionName, Func<VendorConnection, Task<Reply>> answer, CancellationToken cancellationToken)
    {
        var name = string.IsNullOrEmpty(connectionName) ? ConnectionDirectory.DefaultName : connectionName;
        if (directory.FindVendor(vendorName) is not { } vendor)
        {
            return Reply.OfProblem(
                ProblemType.UnknownVendor, $"The vendors are {string.Join(", ", directory.Vendors.Select(known => known.Name))}.", ShownName.Of(vendorName), ShownName.Of(name));
        }

        var key = new ConnectionKey(vendor.Name, ShownName.Of(name).ToLowerInvariant());
        try
        {
            return await news.FindAsync(vendor, name, cancellationToken) is { } target
                ? await answer(target)
                : Reply.OfProblem(
                    ProblemType.UnknownConnection, $"No settings describe this connection, and no secret of the vault defines it. Settings would begin with Connections:{vendor.SettingsName}:{ShownName.Of(name)}:.", vendor.Name, ShownName.Of(name));
        }
        catch (TokenException exception)
        {
            var failure = exception.Failure;
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
            HttpLog.Fault(logger, key, exception);
            return Reply.OfProblem(ProblemType.InternalError, "The log of this service has the exception.", vendor.Name, key.Connection);
        }
    }

    private static Reply NotOwned(VendorConnection target, string what) => Reply.OfProblem(
        ProblemType.VaultNotOwned,
        $"A deployed app may own this vault, so that this host does not {what}. Ask the app, or start this host with --own-the-vault if there is none.",
        target.Vendor.Name,
        target.Connection.Key.Connection);

    private static Reply Invalid(VendorConnection target, string finding) =>
        Reply.OfProblem(ProblemType.InvalidParameter, finding, target.Vendor.Name, target.Connection.Key.Connection);

    private static string? Misplaced(VendorConnection target, Guid tenant) =>
        !target.Vendor.GrantsTenantTokens ? $"tenant has no meaning at {target.Vendor.Name}."
        : target.Connection.OwnTenant is { } own && own != tenant ? $"This connection's token is scoped to tenant {own} by its settings; another tenant needs a connection without TenantId."
        : null;
}
