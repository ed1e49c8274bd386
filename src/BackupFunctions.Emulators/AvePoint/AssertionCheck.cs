using System.Collections.Concurrent;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BackupFunctions.Emulators;

/// <summary>Strict checks of a client assertion by RFC 7523 section 3 and OIDC Core section 9.</summary>
internal sealed class AssertionCheck(RegisteredCertificates certificates)
{
    // A Date header drops fractions of a second, and a request takes a moment.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    private readonly JsonWebTokenHandler _handler = new();
    private readonly ConcurrentDictionary<string, bool> _used = new(StringComparer.Ordinal);

    public async Task<bool> IsValidAsync(
        string assertion,
        string clientId,
        string audience,
        DateTimeOffset now,
        TimeSpan longest
    )
    {
        var result = await _handler.ValidateTokenAsync(
            assertion,
            new TokenValidationParameters
            {
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
                IssuerSigningKeys = certificates.All().Select(static certificate => new X509SecurityKey(certificate)),
                ValidIssuer = clientId,
                ValidAudience = audience,
                LifetimeValidator = (notBefore, expires, _, _) =>
                    IsTimely(notBefore, expires, now.UtcDateTime, longest),
            }
        );

        // A jti counts as used only if the assertion is otherwise valid.
        return result is { IsValid: true, SecurityToken: JsonWebToken token }
            && token.Subject == clientId
            && IsIssuedByNow(token, now.UtcDateTime)
            && token.Id is { Length: > 0 }
            && _used.TryAdd(token.Id, value: true);
    }

    private static bool IsTimely(DateTime? notBefore, DateTime? expires, DateTime now, TimeSpan longest) =>
        expires is { } end
        && now < end
        && end <= now + longest + Tolerance
        && (notBefore is not { } start || start <= now + Tolerance);

    // Without an iat, the token library returns year 1, which is long enough ago.
    private static bool IsIssuedByNow(JsonWebToken token, DateTime now) => token.IssuedAt <= now + Tolerance;
}
