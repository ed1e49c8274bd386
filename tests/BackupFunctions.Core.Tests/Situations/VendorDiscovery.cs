using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Emulators;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>Discovery documents.</summary>
internal static class VendorDiscovery
{
    private const string Server = "https://backupnet.emulator.test";
    private const string NotTrusted = "424 server-not-trusted";

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Names("IdentityServer4#5036", "jwks_uri", "https://keys.example/jwks", "200"),
        Names("IdentityServer4#5036", "userinfo_endpoint", "https://graph.example/userinfo", "200"),
        Names("sibling of IdentityServer4#5036", "authorization_endpoint", "http://login.example/authorize", "200"),
        Names("sibling of IdentityServer4#5036", "end_session_endpoint", "myapp://signed-out", "200"),
        Names("sibling of IdentityServer4#5036", "revocation_endpoint", "https://elsewhere.example/revoke", "200"),
        Names("sibling of IdentityServer4#5036", "check_session_iframe", "not an address", "200"),
        Names("sibling of IdentityServer4#5036", "issuer", $"{Server.ToUpperInvariant()}:443/", "200"),
        new(
            "IdentityModel#456",
            "discovery: issuer …/v2.0, token endpoint …/oauth2/v2.0/token",
            "https://login.vendor.example/contoso/oauth2/v2.0/token",
            async () =>
            {
                const string Authority = "https://login.vendor.example/contoso/v2.0";
                var bench = new Bench();
                bench.Network.Answers(
                    DiscoveryDocumentsTests.Document(
                        Authority,
                        "https://login.vendor.example/contoso/oauth2/v2.0/token"
                    )
                );
                return (
                    await bench.Discovery.TokenEndpointAsync(Bench.Pinned(server: Authority), CancellationToken.None)
                ).AbsoluteUri;
            }
        ),
        Names("the rule itself", "token_endpoint", "https://elsewhere.example/connect/token", NotTrusted),
        Names("the rule itself", "token_endpoint", "http://backupnet.emulator.test/connect/token", NotTrusted),
        Names("the rule itself", "token_endpoint", "https://backupnet.emulator.test:8443/connect/token", NotTrusted),
        Names("the rule itself", "issuer", "https://elsewhere.example", NotTrusted),
        new(
            "sibling of IdentityModel#456",
            "words: a token endpoint without TLS",
            $"The discovery document of {Server} names a token endpoint that does not begin with {Server}/.",
            () =>
                Seen.InWordsAsync("backupnet", world =>
                    world.Vendor.Faults.Add(
                        Endpoints.Discovery,
                        Set("token_endpoint", "http://backupnet.emulator.test/connect/token")
                    )
                )
        ),
        new(
            "sibling of IdentityModel#456",
            "words: another issuer",
            $"The discovery document {Server}/.well-known/openid-configuration names another issuer than {Server}.",
            () =>
                Seen.InWordsAsync("backupnet", world =>
                    world.Vendor.Faults.Add(Endpoints.Discovery, Set("issuer", "https://elsewhere.example"))
                )
        ),
        new(
            "sibling: HTML instead of JSON",
            "words: a page in place of a discovery document",
            $"{Server}/.well-known/openid-configuration is not a discovery document with an issuer and a token endpoint: it is an HTML page. A proxy or a maintenance page may have answered. If this continues, check the address in the settings.",
            () => Seen.InWordsAsync("backupnet", world => world.Vendor.Faults.Add(Endpoints.Discovery, Fault.Html()))
        ),
        Answered("a 403 page", Fault.Html(403), "503 vendor-unavailable, Retry-After 30"),
        Answered(
            "401 in plain text, which refuses no credentials",
            Fault.Status(401, "Unauthorized"),
            "503 vendor-unavailable, Retry-After 30"
        ),
        Answered("a bare 401", Fault.Status(401), "503 vendor-reply-unusable, Retry-After 30"),
        Answered(
            "an OAuth error",
            Fault.Status(400, """{"error":"invalid_client"}""", "application/json"),
            "503 vendor-reply-unusable, Retry-After 30"
        ),
        Encoded("a UTF-8 byte order mark before it", bytes => [0xEF, 0xBB, 0xBF, .. bytes]),
        Encoded("in UTF-16 with its byte order mark", bytes =>
            [0xFF, 0xFE, .. Encoding.Convert(Encoding.UTF8, Encoding.Unicode, bytes)]
        ),
        Encoded("in big-endian UTF-16 with its byte order mark", bytes =>
            [0xFE, 0xFF, .. Encoding.Convert(Encoding.UTF8, Encoding.BigEndianUnicode, bytes)]
        ),
    ];

    private static Situation Names(string source, string member, string value, string right) =>
        new(source, $"discovery: {member} {value}", right, () =>
            Seen.ByCallerAsync("backupnet", world => world.Vendor.Faults.Add(Endpoints.Discovery, Set(member, value)))
        );

    private static Situation Answered(string input, Fault fault, string right) =>
        new("sibling of KickDevDocs#148", $"discovery: {input}", right, () =>
            Seen.ByCallerAsync("backupnet", world => world.Vendor.Faults.Add(Endpoints.Discovery, fault))
        );

    private static Situation Encoded(string input, Func<byte[], byte[]> edit) =>
        new("RFC 8259 section 8.1", $"discovery and token reply: {input}", "200", () =>
            Seen.ByCallerAsync("backupnet", world =>
            {
                world.Vendor.Faults.Add(Endpoints.Discovery, Fault.EditBody(edit));
                world.Vendor.Faults.Add(Endpoints.Token, Fault.EditBody(edit));
            })
        );

    private static Fault Set(string member, JsonNode value) =>
        Fault.EditReply(json => json[member] = value.DeepClone());
}
