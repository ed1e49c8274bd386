using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Randomness;
using BackupFunctions.SignIn.Transport;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BackupFunctions.SignIn;

/// <summary>
/// Signs client assertions (RFC 7523 section 3): RS256, five minutes long, a fresh <c>jti</c> each, on the vendor's
/// clock, and half a minute old from the start: a server may refuse one of the future, and its clock is known no
/// better.
/// </summary>
internal sealed class ClientAssertionSigner(VendorClocks clocks, RandomSource random)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// By how much a clock may be off without harm: a reply may take some seconds, which then look like an offset of
    /// its clock.
    /// </summary>
    private static readonly TimeSpan Forgiven = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How far the vendor's clock is ahead, as far as is known: what an assertion that is signed now goes by.
    /// </summary>
    /// <param name="tokenEndpoint">The audience.</param>
    public TimeSpan ClockAhead(Uri tokenEndpoint) => clocks.SteadyAhead(tokenEndpoint);

    /// <summary>
    /// Whether an assertion may have been refused only because one of the two clocks was set since: then another one is
    /// right.
    /// </summary>
    /// <param name="tokenEndpoint">The audience.</param>
    /// <param name="signedBy">What <see cref="ClockAhead"/> said when it was signed.</param>
    public bool WasClockWrong(Uri tokenEndpoint, TimeSpan signedBy) =>
        (clocks.SteadyAhead(tokenEndpoint) - signedBy).Duration() > Forgiven;

    /// <summary>Signs one assertion.</summary>
    /// <param name="clientId">Its issuer and subject.</param>
    /// <param name="tokenEndpoint">Its audience.</param>
    /// <param name="certificate">The registered certificate with its RSA key.</param>
    public ClientAssertion Sign(string clientId, Uri tokenEndpoint, X509Certificate2 certificate)
    {
        var issuedAt = (clocks.Now(tokenEndpoint) - Forgiven).UtcDateTime;
        var key = new X509SecurityKey(certificate)
        {
            // The library's cache would keep a key of a certificate that has been replaced.
            CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
        };
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = clientId,
            Audience = tokenEndpoint.AbsoluteUri,
            IssuedAt = issuedAt,
            NotBefore = issuedAt,
            Expires = issuedAt + Lifetime,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [JwtRegisteredClaimNames.Sub] = clientId,
                [JwtRegisteredClaimNames.Jti] = random.NextGuid().ToString("N"),
            },
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
        };
        return new ClientAssertion
        {
            Type = OidcConstants.ClientAssertionTypes.JwtBearer,
            Value = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor),
        };
    }
}
