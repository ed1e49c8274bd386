using BackupFunctions.Connections;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.SignIn;

/// <summary>Chooses the code for the flow that a vendor's profile names.</summary>
internal sealed class VendorClient(
    ClientSecretSignIn clientSecret,
    PrivateKeyJwtSignIn privateKeyJwt,
    TenantTokenExchange tenants,
    PasswordSignIn password
) : IVendorClient
{
    public async Task<TokenGrant> SignInAsync(SignInContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await ChooseAsync(context, cancellationToken);
        }
        catch (TokenException exception)
            when (OAuthErrors.BlamesCredentials(exception.Failure) && context.Oddity is not null)
        {
            var problem = $"{exception.Failure.Problem} {context.Oddity}";
            throw new TokenException(exception.Failure with { Problem = problem }, exception);
        }
    }

    private async Task<TokenGrant> ChooseAsync(SignInContext context, CancellationToken cancellationToken)
    {
        var connection = context.Connection;
        if (connection.Vendor.Flow is PasswordFlow)
        {
            return await password.SignInAsync(context, cancellationToken);
        }

        var grant = IsPrivateKeyJwt(connection)
            ? await privateKeyJwt.SignInAsync(context, cancellationToken)
            : await clientSecret.SignInAsync(context, cancellationToken);
        return connection.TenantId is { } tenant
            ? new TokenGrant(await tenants.ExchangeAsync(connection, grant.AccessToken, tenant, cancellationToken))
            : grant;
    }

    public Task<bool> EndSessionAsync(SignInContext context, AccessToken? token, CancellationToken cancellationToken)
    {
        if (context.Connection.Vendor.Flow is PasswordFlow)
        {
            return password.EndSessionAsync(context, token, cancellationToken);
        }

        return IsPrivateKeyJwt(context.Connection)
            ? privateKeyJwt.EndSessionAsync(context, token, cancellationToken)
            : clientSecret.EndSessionAsync(context, token, cancellationToken);
    }

    public Task<AccessToken> GetTenantTokenAsync(
        Connection connection,
        AccessToken baseToken,
        Guid tenant,
        CancellationToken cancellationToken
    ) => tenants.ExchangeAsync(connection, baseToken, tenant, cancellationToken);

    private static bool IsPrivateKeyJwt(Connection connection) =>
        connection.Authentication == ClientAuthentication.PrivateKeyJwt;
}
