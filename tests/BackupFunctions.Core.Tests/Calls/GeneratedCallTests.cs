using System.Text;
using BackupFunctions.Calls;
using BackupFunctions.Connections;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BackupFunctions.Core.Tests.Calls;

/// <summary>Whatever a caller sends, the vendor is called at the connection's API or not at all.</summary>
public sealed class GeneratedCallTests
{
    private const string Route = "/api/Call/backupnet/default/";
    private const string Withheld = "withheld.example";

    private static readonly Uri Api = new("https://api.backup.net/base");

    /// <summary>What a generated target is put together from: what is usual, and what leads astray.</summary>
    private static readonly string[] Pieces =
    [
        "a",
        "v1",
        "customers",
        "/",
        "/",
        "/",
        ".",
        "..",
        "%2e",
        "%2E",
        "%2f",
        "%5c",
        "%252e",
        "%252f",
        "%25",
        "%",
        "\\",
        "//",
        "@",
        ":",
        "http:",
        "https://evil.example",
        "evil.example",
        "?",
        "&",
        "=",
        "#",
        "code=",
        "%00",
        "%0d%0a",
        " ",
        "\t",
        "\r\n",
        "\u00e9",
        "%c0%af",
        "%c0%ae",
        "%ef%bc%8f",
        "*",
        "'",
        "\"",
        "<",
        "[",
        "]",
        "|",
        ";x=1",
        "~",
        "%7e",
        "..;",
        "%3f",
        "%23",
        "\0",
        "x.y",
        "...",
        "%2e%2e%2f",
    ];

    /// <summary>Headers that some server takes another host, path, method or identity from.</summary>
    private static readonly string[] Misleading =
    [
        "Host",
        "Forwarded",
        "X-Forwarded-Host",
        "X-Forwarded-Prefix",
        "X-Forwarded-Proto",
        "X-Original-URL",
        "X-Original-Host",
        "X-Rewrite-URL",
        "X-Override-URL",
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-HTTP-Host-Override",
        "X-Method-Override",
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "x-functions-key",
        "X-MS-CLIENT-PRINCIPAL",
        "X-MS-TOKEN-AAD-ID-TOKEN",
        "Upgrade",
        "TE",
        "Transfer-Encoding",
        "Trailer",
        "Keep-Alive",
        "traceparent",
        "Origin",
        "Referer",
    ];

    private static readonly string[] Harmless = ["Accept", "X-Mine", "If-Match", "Prefer", "Range"];

    [Fact]
    public async Task No_generated_request_leaves_the_connections_api()
    {
        var random = new SeededRandom(20261128);
        var connection = Connection();
        var accepted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var target = Target(random);
            if (CallPath.Read(target, "backupnet", "default", out _) is not { } path)
                continue;

            accepted++;
            using var sent = await SentAsync(random, connection, target, path);

            AssertAtTheApi(sent.RequestUri!, target);
            AssertHarmless(sent);
        }

        Assert.InRange(accepted, 1_000, 15_000);
    }

    private static string Target(SeededRandom random)
    {
        var text = new StringBuilder(Route);
        for (var pieces = Below(random, 9); pieces >= 0; pieces--)
            text.Append(Pieces[Below(random, Pieces.Length)]);
        return text.ToString();
    }

    /// <summary>What the transformer makes of the request, with generated headers.</summary>
    private static async Task<HttpRequestMessage> SentAsync(
        SeededRandom random,
        Connection connection,
        string target,
        CallPath path
    )
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = target;
        for (var headers = Below(random, 6); headers > 0; headers--)
            context.Request.Headers.Append(Case(random, Misleading[Below(random, Misleading.Length)]), Withheld);
        foreach (var name in Harmless)
            context.Request.Headers.Append(name, "kept");
        if (Below(random, 2) == 0)
            context.Request.Headers.Connection = "close, X-Mine";

        var sent = new HttpRequestMessage();
        var transformer = new CallTransformer(
            connection,
            new CallTarget(connection, Api, path),
            ("Authorization", "Bearer ours"),
            _ => false
        );
        await transformer.TransformRequestAsync(context, sent, "https://api.backup.net", CancellationToken.None);
        return sent;
    }

    private static void AssertAtTheApi(Uri url, string target)
    {
        var resolved = new Uri(Uri.UnescapeDataString(Uri.UnescapeDataString(url.AbsolutePath)), UriKind.Relative);
        Assert.Equal("https://api.backup.net", url.GetLeftPart(UriPartial.Authority));
        Assert.StartsWith("/base", url.AbsolutePath, StringComparison.Ordinal);
        var reached = new Uri(Api, resolved).AbsolutePath;
        Assert.True(reached.StartsWith("/base", StringComparison.Ordinal), $"{target} leads to {reached}");
        Assert.DoesNotContain(url.Query.TrimStart('?').Split('&'), pair =>
            pair.StartsWith("code=", StringComparison.OrdinalIgnoreCase)
        );
        Assert.All(url.OriginalString, character => Assert.InRange(character, '!', '~'));
    }

    private static void AssertHarmless(HttpRequestMessage sent)
    {
        Assert.Null(sent.Headers.Host);
        Assert.Equal("Bearer ours", Assert.Single(sent.Headers.NonValidated["Authorization"]));
        Assert.DoesNotContain(sent.Headers.NonValidated, header =>
            header.Value.ToString().Contains(Withheld, StringComparison.Ordinal)
        );
        Assert.Equal("kept", sent.Headers.NonValidated["If-Match"].ToString());
    }

    private static string Case(SeededRandom random, string name) =>
        Below(random, 2) == 0 ? name : name.ToUpperInvariant();

    private static int Below(SeededRandom random, int limit) => (int)(random.NextDouble() * limit);

    private static Connection Connection() =>
        new()
        {
            Vendor = VendorProfiles.BackupNet,
            Key = new ConnectionKey("backupnet", "default"),
            Server = Api,
            BaseUrl = Api,
            Credential = new("x"),
            TokenSecretName = "x",
        };
}
