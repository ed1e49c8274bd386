using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Connections;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>The layout of a token as a secret.</summary>
internal static class TokenSecret
{
    private const string AccessTokenType = "application/vnd.oauth.access-token";
    private const string RefreshTokenType = "application/vnd.oauth.refresh-token";

    /// <summary>Key Vault's limit for a tag's value.</summary>
    private const int LongestTag = 256;

    public static KeyVaultSecret Of(Connection connection, AccessToken token)
    {
        var secret = Create(
            connection,
            connection.TokenSecretName,
            token.Reveal(),
            AccessTokenType,
            token.Fingerprint,
            token.Scope
        );
        secret.Properties.NotBefore = token.IssuedAt;
        secret.Properties.ExpiresOn = token.ExpiresAt;
        return secret;
    }

    public static KeyVaultSecret Of(Connection connection, RefreshToken token)
    {
        var secret = Create(
            connection,
            connection.RefreshTokenSecretName,
            token.Reveal(),
            RefreshTokenType,
            token.Fingerprint,
            scope: null
        );
        secret.Properties.NotBefore = token.IssuedAt;
        secret.Properties.ExpiresOn = token.ExpiresAt;
        return secret;
    }

    /// <summary>The access token in a secret; null if it is not one of this connection's with a known expiry.</summary>
    public static AccessToken? ReadAccessToken(Connection connection, KeyVaultSecret? secret)
    {
        if (secret is null || !IsOf(connection, secret) || secret.Properties.ExpiresOn is not { } expiresAt)
        {
            return null;
        }

        var issuedAt = secret.Properties.NotBefore ?? secret.Properties.CreatedOn ?? expiresAt;
        var late = LateBy(issuedAt, secret.Properties);
        return expiresAt > issuedAt && AccessToken.IsPresentable(secret.Value)
            ? new AccessToken(secret.Value, Tag(secret.Properties, "scope"), issuedAt - late, expiresAt - late)
            : null;
    }

    /// <summary>
    /// What a list of secrets shows of an access token; null if it is not one of this connection's with a known
    /// lifetime.
    /// </summary>
    public static TokenMetadata? ReadMetadata(Connection connection, SecretProperties listed) =>
        listed.Enabled != false
        && IsFor(connection, listed)
        && listed is { ExpiresOn: { } expiresAt, NotBefore: { } issuedAt }
        && expiresAt > issuedAt
        && Tag(listed, "fingerprint") is { } fingerprint
        && Fingerprint.IsWellFormed(fingerprint)
            ? new TokenMetadata(fingerprint, issuedAt - LateBy(issuedAt, listed), expiresAt - LateBy(issuedAt, listed))
            : null;

    /// <summary>Whether a listed version is a refresh token of this connection and says when it was issued.</summary>
    public static bool MayBeRefreshToken(Connection connection, SecretProperties listed) =>
        listed is { NotBefore: not null, ContentType: RefreshTokenType }
        && listed.Enabled != false
        && IsFor(connection, listed);

    /// <summary>Whether a listed version is this refresh token.</summary>
    public static bool IsRefreshToken(Connection connection, SecretProperties listed, RefreshToken token) =>
        MayBeRefreshToken(connection, listed) && Tag(listed, "fingerprint") == token.Fingerprint;

    /// <summary>The refresh token in a secret; null if it is not one of this connection's.</summary>
    public static RefreshToken? ReadRefreshToken(Connection connection, KeyVaultSecret? secret)
    {
        if (secret is null || !IsOf(connection, secret))
        {
            return null;
        }

        var issuedAt = secret.Properties.NotBefore;
        var late = issuedAt is { } said ? LateBy(said, secret.Properties) : TimeSpan.Zero;
        return new RefreshToken(secret.Value, issuedAt - late, secret.Properties.ExpiresOn - late);
    }

    /// <summary>
    /// Whether a secret is this connection's token, unaltered: its fingerprint matches its value. One saved while the
    /// connection had another address is not: pointing a connection at another server must not send it the old server's
    /// token.
    /// </summary>
    private static bool IsOf(Connection connection, KeyVaultSecret secret) =>
        secret.Value is { Length: > 0 }
        && IsFor(connection, secret.Properties)
        && Tag(secret.Properties, "fingerprint") == Fingerprint.Of(secret.Value);

    /// <summary>
    /// By how much the clock of the host that saved it was ahead, at least: a token is issued before the vault, which
    /// has a clock of its own, creates the version with it.
    /// </summary>
    private static TimeSpan LateBy(DateTimeOffset issuedAt, SecretProperties secret) =>
        secret.CreatedOn < issuedAt ? issuedAt - secret.CreatedOn.Value : TimeSpan.Zero;

    private static bool IsFor(Connection connection, SecretProperties secret) =>
        Tag(secret, "vendor") == connection.Key.Vendor
        && Tag(secret, "connection") == connection.Key.Connection
        && Tag(secret, "base_url") == BaseUrlTag(connection)
        && Tag(secret, "server") == ServerTag(connection);

    private static KeyVaultSecret Create(
        Connection connection,
        string name,
        string value,
        string contentType,
        string fingerprint,
        string? scope
    )
    {
        var secret = new KeyVaultSecret(name, value) { Properties = { ContentType = contentType } };
        AddTag(secret, "vendor", connection.Key.Vendor);
        AddTag(secret, "connection", connection.Key.Connection);
        AddTag(secret, "token_type", "Bearer");
        AddTag(secret, "scope", scope);
        AddTag(secret, "base_url", BaseUrlTag(connection));
        AddTag(secret, "server", ServerTag(connection));
        AddTag(secret, "fingerprint", fingerprint);
        return secret;
    }

    private static string? BaseUrlTag(Connection connection) =>
        connection.BaseUrl is { } url ? Cut(url.AbsoluteUri.TrimEnd('/')) : null;

    /// <summary>The server that issued the token, unless <c>base_url</c> says it.</summary>
    private static string? ServerTag(Connection connection) =>
        connection.Server == connection.BaseUrl ? null : Cut(connection.Server.AbsoluteUri.TrimEnd('/'));

    private static void AddTag(KeyVaultSecret secret, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            secret.Properties.Tags[name] = Cut(value);
        }
    }

    private static string Cut(string value) => value.Length <= LongestTag ? value : value[..LongestTag];

    private static string? Tag(SecretProperties secret, string name) =>
        secret.Tags.TryGetValue(name, out var value) ? value : null;
}
