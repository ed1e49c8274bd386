using System.Net;
using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Testing;
using Duende.IdentityModel.Client;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BackupFunctions.Core.Tests.SignIn;

public sealed class ClientAssertionTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly X509Certificate2 _certificate = TestCertificates.Rsa();

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task An_assertion_says_who_asks_whom_and_holds_for_five_minutes()
    {
        var assertion = _bench.Signer.Sign("client-1", Bench.Endpoint, _certificate);

        var jwt = await VerifiedAsync(assertion.Value);
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", assertion.Type);
        Assert.Equal("RS256", jwt.Alg);
        Assert.Equal("client-1", jwt.Issuer);
        Assert.Equal("client-1", jwt.Subject);
        Assert.Equal(["https://vendor.example/token"], jwt.Audiences);
        Assert.Equal(TestTime.Noon.UtcDateTime.AddSeconds(-30), jwt.IssuedAt);
        Assert.Equal(TestTime.Noon.UtcDateTime.AddSeconds(-30), jwt.ValidFrom);
        Assert.Equal(TestTime.Noon.UtcDateTime.AddSeconds(270), jwt.ValidTo);
        Assert.Equal(Base64UrlEncoder.Encode(_certificate.GetCertHash()), jwt.X5t);
    }

    [Fact]
    public async Task An_assertion_is_on_the_vendors_clock()
    {
        _bench.Clocks.Observe(Bench.Endpoint, TestTime.Noon.AddMinutes(-11), _bench.Time.GetTimestamp());

        var jwt = await VerifiedAsync(_bench.Signer.Sign("client-1", Bench.Endpoint, _certificate).Value);

        Assert.Equal(TestTime.Noon.UtcDateTime.AddMinutes(-11).AddSeconds(-30), jwt.IssuedAt);
    }

    [Fact]
    public async Task Each_attempt_is_signed_anew_with_a_jti_of_its_own()
    {
        _bench
            .Network.Answers(
                HttpStatusCode.ServiceUnavailable,
                "",
                "text/plain",
                ("Retry-After", "7"),
                ("Date", "Sun, 22 Nov 2026 13:00:00 GMT")
            )
            .Answers(HttpStatusCode.InternalServerError)
            .Answers("""{"access_token":"a-token-of-the-stub"}""");

        await _bench.RequestAsync(Request());

        var jwts = new List<JsonWebToken>();
        foreach (var sent in _bench.Network.Sent)
        {
            Assert.Equal("client_credentials", sent.Form["grant_type"]);
            Assert.Equal("a b&c", sent.Form["scope"]);
            Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", sent.Form["client_assertion_type"]);
            Assert.Null(sent.Authorization);
            jwts.Add(await VerifiedAsync(sent.Form["client_assertion"]));
        }

        Assert.Equal(3, jwts.Select(jwt => jwt.Id).Distinct().Count());
        Assert.Equal(TestTime.Noon.UtcDateTime.AddSeconds(-30), jwts[0].IssuedAt);
        Assert.Equal(TestTime.Noon.UtcDateTime.AddHours(1).AddSeconds(7 - 30), jwts[1].IssuedAt);
    }

    private TokenRequest Request() =>
        new()
        {
            Address = Bench.Endpoint.AbsoluteUri,
            GrantType = "client_credentials",
            ClientCredentialStyle = ClientCredentialStyle.PostBody,
            Parameters = { { "scope", "a b&c" } },
            ClientAssertionFactory = () =>
                Task.FromResult(_bench.Signer.Sign("client-1", Bench.Endpoint, _certificate)),
        };

    private async Task<JsonWebToken> VerifiedAsync(string assertion)
    {
        using var key = _certificate.GetRSAPublicKey()!;
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            assertion,
            new TokenValidationParameters
            {
                IssuerSigningKey = new RsaSecurityKey(key.ExportParameters(includePrivateParameters: false)),
                ValidateAudience = false,
                ValidateIssuer = false,
                ValidateLifetime = false,
            }
        );
        Assert.True(result.IsValid, result.Exception?.Message);
        return (JsonWebToken)result.SecurityToken;
    }
}
