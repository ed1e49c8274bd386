using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace BackupFunctions.Testing;

/// <summary>A client registered at an <see cref="OidcProviderServer"/>, for the client credentials grant.</summary>
public sealed class OidcClient
{
    private readonly string _method;
    private readonly string? _secret;
    private readonly RSAParameters _publicKey;
    private readonly string? _keyId;

    private OidcClient(string id, string method, string? secret, RSAParameters publicKey, string? keyId)
    {
        Id = id;
        _method = method;
        _secret = secret;
        _publicKey = publicKey;
        _keyId = keyId;
    }

    public string Id { get; }

    /// <summary><c>client_secret_post</c>.</summary>
    public static OidcClient WithSecretInBody(string id, string secret) =>
        new(id, "client_secret_post", SuiteLog.Guard(secret), default, keyId: null);

    /// <summary>
    /// <c>client_secret_basic</c>; this server decodes ID and secret as RFC 6749 section 2.3.1 requires.
    /// </summary>
    public static OidcClient WithSecretInHeader(string id, string secret) =>
        new(id, "client_secret_basic", SuiteLog.Guard(secret), default, keyId: null);

    /// <summary><c>private_key_jwt</c>, RS256.</summary>
    public static OidcClient WithKey(string id, RSA key) =>
        new(id, "private_key_jwt", null, key.ExportParameters(includePrivateParameters: false), keyId: null);

    /// <inheritdoc cref="WithKey"/>
    public static OidcClient WithCertificate(string id, X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPublicKey()
            ?? throw new ArgumentException("Not an RSA certificate.", nameof(certificate));

        // The assertion identifies the certificate by its thumbprint, so the registered key has it as its ID.
        return new(
            id,
            "private_key_jwt",
            null,
            key.ExportParameters(includePrivateParameters: false),
            certificate.Thumbprint
        );
    }

    internal JsonObject ToMetadata(IEnumerable<string> scopes)
    {
        var metadata = new JsonObject
        {
            ["client_id"] = Id,
            ["token_endpoint_auth_method"] = _method,
            ["grant_types"] = new JsonArray("client_credentials"),
            ["response_types"] = new JsonArray(),
            ["redirect_uris"] = new JsonArray(),
            ["scope"] = string.Join(' ', scopes),
        };
        if (_secret is not null)
            metadata["client_secret"] = _secret;
        if (_publicKey is { Modulus: { } n, Exponent: { } e })
        {
            metadata["token_endpoint_auth_signing_alg"] = "RS256";
            metadata["jwks"] = new JsonObject { ["keys"] = new JsonArray(ToJwk(n, e, _keyId)) };
        }

        return metadata;
    }

    private static JsonObject ToJwk(byte[] n, byte[] e, string? keyId)
    {
        var key = new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = Base64Url.EncodeToString(n),
            ["e"] = Base64Url.EncodeToString(e),
        };
        if (keyId is not null)
            key["kid"] = keyId;
        return key;
    }
}
