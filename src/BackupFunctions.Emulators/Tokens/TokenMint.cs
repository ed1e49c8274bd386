using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>Makes tokens, each unique. JWTs (RFC 7519) are truly signed, with ES256: its keys are made in no time.</summary>
internal sealed class TokenMint(Randomness randomness)
{
    private readonly ECParameters _key = NewKey();

    public string KeyId { get; } = randomness.Hex(8);

    public string Opaque() => randomness.Text(48);

    /// <summary>A JWT that says when it was issued and when it expires, in whole seconds, besides the given claims.</summary>
    public string Jwt(DateTimeOffset issuedAt, DateTimeOffset expiresAt, JsonObject claims)
    {
        claims["iat"] = issuedAt.ToUnixTimeSeconds();
        claims["nbf"] = issuedAt.ToUnixTimeSeconds();
        claims["exp"] = expiresAt.ToUnixTimeSeconds();
        claims["jti"] = randomness.Hex(16);

        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = KeyId, ["typ"] = "at+jwt" };
        var content = $"{Encode(header)}.{Encode(claims)}";
        using var key = ECDsa.Create(_key);
        return $"{content}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The public key as a key set (RFC 7517 section 5).</summary>
    public JsonObject KeySet() => new()
    {
        ["keys"] = new JsonArray(new JsonObject
        {
            ["kty"] = "EC",
            ["use"] = "sig",
            ["alg"] = "ES256",
            ["crv"] = "P-256",
            ["kid"] = KeyId,
            ["x"] = Base64Url.EncodeToString(_key.Q.X),
            ["y"] = Base64Url.EncodeToString(_key.Q.Y),
        }),
    };

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static ECParameters NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportParameters(includePrivateParameters: true);
    }
}
