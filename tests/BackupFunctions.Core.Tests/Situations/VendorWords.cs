using System.IO.Compression;
using BackupFunctions.Emulators;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>What a caller is told of a reply that cannot be used: the cause, and a remedy that can work.</summary>
internal static class VendorWords
{
    private const string Server = "https://acronis.emulator.test/api/2/idp/token";
    private const string Gateway =
        "A firewall or a gateway may have answered in the vendor's place. If this continues, have it let this host "
        + "through, and check the address in the settings.";
    private const string Proxy =
        "A proxy or a maintenance page may have answered. If this continues, check the address in the settings.";
    private const string Compressed =
        "The request allowed no compression: a proxy on the way must leave replies as they are.";

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Words(
            "KickDevDocs#148",
            "403 with a page",
            Fault.Html(403),
            $"{Server} returned 403 with an HTML page, which is neither an OAuth error nor a problem: the service is unavailable. {Gateway}"
        ),
        Words(
            "sibling: API gateways",
            "403 with other JSON",
            Fault.Status(403, """{"message":"Forbidden"}""", "application/json"),
            $"{Server} returned 403 with JSON, which is neither an OAuth error nor a problem: the service is unavailable. {Gateway}"
        ),
        Words(
            "sibling: 503 with a page",
            "503 with a page",
            Fault.Html(503),
            $"{Server} returned 503 with an HTML page: the service is unavailable."
        ),
        Words(
            "HTML instead of JSON",
            "200 with a page",
            Fault.Html(),
            $"The reply of {Server} is an HTML page, not JSON. {Proxy}"
        ),
        Words(
            "sibling: XML instead of JSON",
            "200 with XML",
            Fault.Status(200, "<?xml version=\"1.0\"?><Token/>", "text/xml"),
            $"The reply of {Server} is XML, not JSON. {Proxy}"
        ),
        Words(
            "sibling: nothing instead of JSON",
            "200 with nothing",
            Fault.Empty(),
            $"The reply of {Server} is an empty body, not JSON."
        ),
        Words(
            "sibling: half of the JSON",
            "200 with half of the JSON",
            Fault.TruncatedJson(),
            $"The reply of {Server} is incomplete or malformed JSON."
        ),
        Words(
            "a compressed body nobody asked for",
            "gzip without its label",
            Fault.EditBody(Gzip),
            $"The reply of {Server} is a compressed body (gzip), not JSON. {Compressed}"
        ),
        Words(
            "sibling: Brotli has no magic number",
            "Brotli",
            Fault.Header("Content-Encoding", "br").With(Fault.EditBody(Brotli)),
            $"The reply of {Server} is a compressed body (Brotli), not JSON. {Compressed}"
        ),
        Words(
            "sibling: a compressed refusal",
            "a gzipped 401",
            Fault.EditBody(Gzip).With(Fault.Status(401, "{\"error\":\"invalid_client\"}", "application/json")),
            $"{Server} returned 401 with a compressed body (gzip), which is neither an OAuth error nor a problem: the service is unavailable. {Compressed}"
        ),
        new("sibling: a label that is not true", "Content-Encoding before plain JSON", "200", () =>
            Seen.ByCallerAsync("acronis", world =>
                world.Vendor.Faults.Add(Endpoints.Token, Fault.Header("Content-Encoding", "gzip"))
            )
        ),
        Error(
            "unsupported_grant_type",
            "the server does not offer this way to sign in. Other credentials will not help. Check that the address in the settings is the vendor's token server, and its version."
        ),
        Error(
            "unsupported_response_type",
            "the server does not offer this way to sign in. Other credentials will not help. Check that the address in the settings is the vendor's token server, and its version."
        ),
        Error(
            "invalid_request",
            "the server does not understand the request. Other credentials will not help. Check the address and the client id or user name in the settings."
        ),
        Error(
            "consent_required",
            "the vendor asks for a person, to sign in or to consent. Other credentials will not help. Sign in at the vendor once and consent, or use an account that may sign in unattended."
        ),
        Error(
            "use_dpop_nonce",
            "the server grants only tokens that are bound to a key (DPoP), which this app does not support. Other credentials will not help. Allow this client bearer tokens at the vendor."
        ),
        Error(
            "unauthorized_client",
            "the client may not sign in this way. Allow it the grant type at the vendor. Some servers answer so to a wrong secret: check that too."
        ),
        Error(
            "invalid_client",
            "the credentials were refused. Check them in the vault, and that the client or account is enabled at the vendor."
        ),
    ];

    private static Situation Error(string error, string words) =>
        Words(
            "RFC 6749 section 5.2 and its extensions",
            $"400 {error}",
            Fault.Status(400, $$"""{"error":"{{error}}"}""", "application/json"),
            $"{Server} returned 400 {error}: {words}"
        );

    private static Situation Words(string source, string input, Fault fault, string right) =>
        new(source, $"words: {input}", right, () =>
            Seen.InWordsAsync("acronis", world => world.Vendor.Faults.Add(Endpoints.Token, fault))
        );

    private static byte[] Gzip(byte[] bytes) =>
        Compress(bytes, stream => new GZipStream(stream, CompressionLevel.Fastest));

    private static byte[] Brotli(byte[] bytes) =>
        Compress(bytes, stream => new BrotliStream(stream, CompressionLevel.Fastest));

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> format)
    {
        var compressed = new MemoryStream();
        using (var stream = format(compressed))
            stream.Write(bytes);
        return compressed.ToArray();
    }
}
