using BackupFunctions.Connections;
using BackupFunctions.Renewal;
using BackupFunctions.Settings;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;

namespace BackupFunctions.Vendors;

/// <summary>One of the services that tokens are for: how its settings read, and how it signs callers in.</summary>
public interface IVendor
{
    /// <summary>The name in routes and vault names, for example <c>acronis-cyberapp</c>.</summary>
    string Name { get; }

    /// <summary>The name in settings, for example <c>AcronisCyberApp</c>.</summary>
    string SettingsName { get; }

    /// <summary>Whether signing in spends a refresh token that works once: then only the lock's holder may sign in.</summary>
    bool RotatesRefreshTokens => false;

    /// <summary>Whether a token can be scoped to one customer tenant.</summary>
    bool GrantsTenantTokens => false;

    /// <summary>How many digits the one-time codes have with which a person can enrol a connection; null if there is no enrolment.</summary>
    int? EnrolmentCodeDigits => null;

    /// <summary>How many connections a sweep renews at once, unless a setting says otherwise.</summary>
    int RefreshConcurrency => RefreshSweep.Concurrency;

    /// <summary>Reads one connection; what is wrong is reported to <paramref name="settings"/>.</summary>
    /// <returns>The connection; null if something required is wrong.</returns>
    Connection? ReadConnection(ConnectionSettings settings);

    /// <summary>Signs in and returns what the vendor granted.</summary>
    /// <exception cref="TokenException">The vendor, or a credential, stood in the way.</exception>
    Task<TokenGrant> SignInAsync(SignInContext signIn, CancellationToken cancellationToken);

    /// <summary>Ends the connection's session at the vendor, so that its tokens work no more.</summary>
    /// <param name="signIn">Credentials, and the saved refresh token if there is one.</param>
    /// <param name="token">The newest access token; null if none is known that is alive.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if the vendor has no way to.</returns>
    /// <exception cref="TokenException">It has, but it did not work.</exception>
    Task<bool> EndSessionAsync(SignInContext signIn, AccessToken? token, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    /// <summary>Obtains a token for one customer tenant from the connection's own token.</summary>
    /// <exception cref="TokenException">With <see cref="FailureKind.TenantRefused"/> among others.</exception>
    Task<AccessToken> ScopeToTenantAsync(
        Connection connection,
        AccessToken baseToken,
        Guid tenant,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException($"{Name} has no tokens for tenants.");
}
