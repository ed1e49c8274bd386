using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>Creates unique tokens. JWTs (RFC 7519) are signed with ES256, whose keys are quick to generate.</summary>
internal sealed class TokenMint(Randomness randomness)
{
    // Cached, because importing the key costs more than signing with it.
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Lock _signing = new();

    public string KeyId { get; } = randomness.Hex(8);

    public string Opaque() => randomness.Text(48);

    /// <summary>A JWT with the given claims, and its issue and expiry in whole seconds.</summary>
    public string Jwt(DateTimeOffset issuedAt, DateTimeOffset expiresAt, JsonObject claims)
    {
        claims["iat"] = issuedAt.ToUnixTimeSeconds();
        claims["nbf"] = issuedAt.ToUnixTimeSeconds();
        claims["exp"] = expiresAt.ToUnixTimeSeconds();
        claims["jti"] = randomness.Hex(16);

        var header = new JsonObject
        {
            ["alg"] = "ES256",
            ["kid"] = KeyId,
            ["typ"] = "at+jwt",
        };
        var content = $"{Encode(header)}.{Encode(claims)}";
        lock (_signing)
        {
            var signature = _key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256);
            return $"{content}.{Base64Url.EncodeToString(signature)}";
        }
    }

    /// <summary>The public key as a key set (RFC 7517 section 5).</summary>
    public JsonObject KeySet() => KeySet(_key.ExportParameters(includePrivateParameters: false));

    private JsonObject KeySet(ECParameters key) =>
        new()
        {
            ["keys"] = new JsonArray(
                new JsonObject
                {
                    ["kty"] = "EC",
                    ["use"] = "sig",
                    ["alg"] = "ES256",
                    ["crv"] = "P-256",
                    ["kid"] = KeyId,
                    ["x"] = Base64Url.EncodeToString(key.Q.X),
                    ["y"] = Base64Url.EncodeToString(key.Q.Y),
                }
            ),
        };

    private static string Encode(JsonObject part) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
