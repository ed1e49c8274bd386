using System.Net;
using System.Text;
using BackupFunctions.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace BackupFunctions.Core.Tests.SignIn;

/// <summary>Whatever a server sends, what comes out is a living bearer token or a typed failure.</summary>
public sealed class BrokenReplyTests
{
    private static readonly string[] Documented =
    [
        """{"access_token":"a.b.c","token_type":"bearer","expires_on":1795356000,"id_token":"x.y.z"}""",
        """{"access_token":"abc","token_type":"Bearer","expires_in":3600,"scope":"platformbackup.readwrite.all"}""",
        """{"access_token":"abc","token_type":"bearer","refresh_token":"def","expires_in":3600,".issued":"2026-11-22T12:00:00Z",".expires":"2026-11-22T12:15:00","username":"u","roleName":"Administrator","mfa_enabled":false}""",
        """{"mfa_enabled":true,"mfa_token":"m","expires_in":0,".expires":"0001-01-01T00:00:00"}""",
        """{"error":"invalid_client","error_description":"no"}""",
        """{"type":"about:blank","title":"Unauthorized","status":401,"detail":"no"}""",
        DiscoveryDocumentsTests.Document(),
        $$"""{"access_token":"{{TokenLifetimeTests.Jwt("""{"exp":1795352400,"iat":1795348800}""")}}"}""",
    ];

    private static readonly string[] Names =
    [
        "access_token",
        "expires_in",
        "expires_on",
        ".expires",
        ".issued",
        "token_type",
        "scope",
        "refresh_token",
        "error",
        "issuer",
        "token_endpoint",
        "jwks_uri",
        "\\ud800",
        "",
    ];

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.Elements(
            "null",
            "true",
            "{}",
            "[]",
            "\"\"",
            "\"\\ud800\"",
            "\"abc\"",
            "\"a b\"",
            "\"Bearer\"",
            "\"0001-01-01T00:00:00\"",
            "\"9999-12-31T23:59:59.9999999+14:00\"",
            "\"2026-11-22T13:00:00\"",
            "0",
            "-1",
            "1e308",
            "-1e308",
            "1e-9",
            "3600",
            "\"3600\"",
            "\"NaN\"",
            "9223372036854775808",
            "\"https://login.vendor.example\"",
            "\"https://login.vendor.example/connect/token\"",
            "\"//\"",
            "\"https://[::1\"",
            "\"invalid_grant\""
        ),
        ArbMap
            .Default.GeneratorFor<int>()
            .Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ArbMap.Default.GeneratorFor<string>().Select(text => System.Text.Json.JsonSerializer.Serialize(text)),
        Gen.Elements(
                """{"exp":1e300}""",
                """{"exp":-5,"iat":9e12}""",
                """{"exp":{},"iat":[]}""",
                """{"\udc00":1}""",
                "{\"exp\":1795352400}"
            )
            .Select(payload => $"\"{TokenLifetimeTests.Jwt(payload)}\"")
    );

    private static readonly Gen<byte[]> Mutated =
        from text in Gen.Elements(Documented)
        from index in Gen.Choose(0, 300)
        from value in ArbMap.Default.GeneratorFor<byte>()
        select Bitten(text, index, value);

    private static readonly Gen<byte[]> Body = Gen.OneOf(
        ArbMap.Default.GeneratorFor<byte[]>().Select(bytes => bytes ?? []),
        Gen.Elements(Documented).Select(Encoding.UTF8.GetBytes),
        Mutated,
        Gen.Zip(Gen.Elements(Names), Value)
            .ArrayOf()
            .Select(members =>
                Encoding.UTF8.GetBytes(
                    "{" + string.Join(',', members.Select(member => $"\"{member.Item1}\":{member.Item2}")) + "}"
                )
            ),
        Gen.Zip(Gen.Elements(Names), Value)
            .ArrayOf()
            .Select(members =>
                Encoding.UTF8.GetBytes(
                    "{"
                        + string.Join(
                            ',',
                            members
                                .Select(member => $"\"{member.Item1}\":{member.Item2}")
                                .Prepend("\"access_token\":\"abc\"")
                        )
                        + "}"
                )
            )
    );

    private static readonly Gen<(string, string)> Header = Gen.Zip(
        Gen.Elements(
            "Date",
            "Retry-After",
            "Location",
            "Set-Cookie",
            "WWW-Authenticate",
            "DPoP-Nonce",
            "Cache-Control",
            "Content-Length"
        ),
        Gen.Elements(
            "Sun, 22 Nov 2026 12:00:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Mon, 01 Jan 0001 00:00:00 GMT",
            "0",
            "-1",
            "5",
            "99",
            "2147483647",
            "99999999999999",
            "?",
            "",
            "a=b; path=/",
            "https://other.example/"
        )
    );

    private static readonly Gen<Broken> Replies =
        from status in Gen.OneOf(
            Gen.Elements(200, 200, 200, 201, 204, 302, 400, 401, 429, 500, 503),
            Gen.Choose(200, 599)
        )
        from body in Body
        from headers in Header.ArrayOf()
        from type in Gen.Elements(
            "application/json",
            "application/problem+json",
            "text/html",
            "application/jwt",
            "application/json; charset=utf-7",
            "\u00fc"
        )
        select new Broken(status, body, headers, type);

    [Fact]
    public void No_token_reply_however_broken_brings_anything_but_a_living_token_or_a_typed_failure() =>
        Check(reply =>
        {
            var bench = new Bench();
            bench.Network.Answers(reply.Create);
            try
            {
                var token = bench.RequestAsync().GetAwaiter().GetResult().ToGrant(TimeSpan.FromDays(14)).AccessToken;
                return token.Lifetime > TimeSpan.Zero
                    && token.Lifetime <= TimeSpan.FromDays(365)
                    && token.Reveal().All(character => character is > ' ' and <= '~');
            }
            catch (TokenException exception)
            {
                return IsSane(exception.Failure) && IsSane(bench);
            }
        });

    [Fact]
    public void No_discovery_reply_however_broken_brings_anything_but_an_endpoint_of_the_authority_or_a_typed_failure() =>
        Check(reply =>
        {
            var bench = new Bench();
            bench.Network.Answers(reply.Create);
            try
            {
                var endpoint = bench
                    .Discovery.TokenEndpointAsync(
                        Bench.Pinned(server: "https://login.vendor.example"),
                        CancellationToken.None
                    )
                    .AsTask()
                    .GetAwaiter()
                    .GetResult();
                return endpoint.GetLeftPart(UriPartial.Authority) == "https://login.vendor.example";
            }
            catch (TokenException exception)
            {
                return IsSane(exception.Failure) && IsSane(bench);
            }
        });

    private static bool IsSane(TokenFailure failure) =>
        failure.Detail.All(character => character is >= ' ' and <= '~')
        && failure.RetryAfter is null or { TotalSeconds: >= 0 and <= 3600 };

    private static bool IsSane(Bench bench) => bench.Clocks.Now(Bench.Endpoint).AddYears(1) > DateTimeOffset.UnixEpoch;

    private static void Check(Func<Broken, bool> holds) =>
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true).WithReplay(20261122, 1795348801),
            Prop.ForAll(Replies.ToArbitrary(), holds)
        );

    private static byte[] Bitten(string text, int index, byte value)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes[index % bytes.Length] = value;
        return bytes;
    }

    private sealed record Broken(int Status, byte[] Body, (string Name, string Value)[] Headers, string Type)
    {
        public HttpResponseMessage Create()
        {
            var reply = new HttpResponseMessage((HttpStatusCode)Status) { Content = new ByteArrayContent(Body) };
            reply.Content.Headers.TryAddWithoutValidation("Content-Type", Type);
            foreach (var (name, value) in Headers)
            {
                reply.Headers.TryAddWithoutValidation(name, value);
            }

            return reply;
        }

        public override string ToString() =>
            $"{Status} {Type} {string.Join(' ', Headers)} {Convert.ToBase64String(Body)} "
            + $"{Encoding.UTF8.GetString(Body)}";
    }
}
