using BackupFunctions.Connections;
using BackupFunctions.Tokens;

namespace BackupFunctions.SignIn;

/// <summary>
/// Asks vendors for tokens. Every method throws <see cref="TokenException"/> when a vendor or a credential fails.
/// </summary>
internal interface IVendorClient
{
    /// <summary>Signs a connection in and returns what the vendor granted.</summary>
    Task<TokenGrant> SignInAsync(SignInContext context, CancellationToken cancellationToken);

    /// <summary>Ends a connection's session at the vendor, so that its tokens stop working.</summary>
    /// <param name="context">The connection, its credentials, and the saved refresh token if there is one.</param>
    /// <param name="token">The newest access token; null if none is known to be alive.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if the vendor has no way to do so.</returns>
    Task<bool> EndSessionAsync(SignInContext context, AccessToken? token, CancellationToken cancellationToken);

    /// <summary>Exchanges a connection's token for one of a single customer tenant.</summary>
    /// <exception cref="TokenException">With <see cref="FailureKind.TenantRefused"/> among others.</exception>
    Task<AccessToken> GetTenantTokenAsync(
        Connection connection,
        AccessToken baseToken,
        Guid tenant,
        CancellationToken cancellationToken
    );
}
