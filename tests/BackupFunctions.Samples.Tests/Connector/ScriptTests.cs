using System.Net;
using System.Text.Json.Nodes;

namespace BackupFunctions.Samples.Tests.Connector;

/// <summary>What the connector's code makes of a call, and what it never does.</summary>
public sealed class ScriptTests
{
    private const string App = "https://contoso-backup.azurewebsites.net";
    private readonly List<(string Method, string Url, string? Body, HttpRequestMessage Request)> _sent = [];

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task A_call_goes_out_with_its_own_method_and_the_connections_token(string method)
    {
        await CallAsync(("call/method", method), ("call/path", "/v1/customers"));

        var (sent, url, body, request) = Assert.Single(_sent);
        Assert.Equal((method, $"{App}/api/Call/backupnet/default/v1/customers", null), (sent, url, body));
        Assert.Equal($"Bearer {PowerPlatform.Token}", request.Headers.Authorization!.ToString());
    }

    [Theory]
    [InlineData("/v1/customers", "v1/customers")]
    [InlineData("v1/customers/", "v1/customers/")]
    [InlineData("", "")]
    [InlineData("/", "")]
    [InlineData("/v1/a b/ü", "v1/a%20b/%C3%BC")]
    [InlineData("/v1/a%20b/x:y@z;q=1,(2)!", "v1/a%20b/x:y@z;q=1,(2)!")]
    [InlineData("/...", "...")]
    [InlineData("/v1/.hidden/a..b", "v1/.hidden/a..b")]
    public async Task A_path_keeps_its_slashes_and_the_rest_is_encoded_once(string path, string expected)
    {
        await CallAsync(("call/path", path));

        Assert.Equal($"{App}/api/Call/backupnet/default/{expected}", Assert.Single(_sent).Url);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("/../../acronis/default/api")]
    [InlineData("/v1/./customers")]
    [InlineData("//attacker.example/x")]
    [InlineData("/v1//customers")]
    [InlineData("https://attacker.example/x")]
    [InlineData("https:/attacker.example/../..")]
    [InlineData("\\\\attacker.example\\x")]
    [InlineData("/v1\\..\\..\\customers")]
    [InlineData("/%2e%2e/%2E%2e/acronis/default")]
    [InlineData("/%252e%252e/x")]
    [InlineData("/%25252525252e./x")]
    [InlineData("/v1%2f..%2f..%2fx")]
    [InlineData("/v1%5c..%5cx")]
    [InlineData("/v1%255cx")]
    [InlineData("/v1/customers?limit=5")]
    [InlineData("/v1/customers#x")]
    [InlineData("/v1/a%0d%0aHost:%20x")]
    [InlineData("/v1/a\r\nHost: x")]
    [InlineData("/v1/%zz")]
    public async Task A_path_that_leads_elsewhere_is_refused_and_nothing_is_sent(string path)
    {
        using var reply = await CallAsync(("call/path", path));

        Assert.Equal((HttpStatusCode.BadRequest, 0), (reply.StatusCode, _sent.Count));
        var problem = JsonNode.Parse(await reply.Content.ReadAsStringAsync())!;
        Assert.Equal("urn:backupfunctions:problem:invalid-parameter", problem["type"]!.GetValue<string>());
        Assert.StartsWith("Path ", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_sent_is_a_call_of_this_connection()
    {
        string[] pieces = ["/", "\\", ".", "..", "%2e", "%2F", "%5C", "%25", "?", "#", ":", "@", "x", "ü", " ", "%"];
        var random = new Random(20261128);

        for (var i = 0; i < 20_000; i++)
        {
            var path = string.Concat(random.GetItems(pieces, random.Next(1, 9)));
            using var reply = await CallAsync(("call/path", path));
            Assert.True(reply.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, path);
        }

        Assert.InRange(_sent.Count, 100, 19_000);
        Assert.All(_sent, sent =>
        {
            Assert.StartsWith($"{App}/api/Call/backupnet/default/", sent.Url, StringComparison.Ordinal);
            Assert.DoesNotContain("/../", $"{sent.Url}/", StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("acronis/default/x?", "default")]
    [InlineData("..", "default")]
    [InlineData("a%2Fb", "default")]
    [InlineData("backupnet", "default/../../acronis")]
    [InlineData("backupnet", "")]
    public async Task A_vendor_and_a_connection_are_names(string vendor, string connection)
    {
        using var reply = await CallAsync(("vendor", vendor), ("connection", connection), ("call/path", "/x"));

        Assert.Equal((HttpStatusCode.BadRequest, 0), (reply.StatusCode, _sent.Count));
    }

    [Fact]
    public async Task A_query_is_encoded()
    {
        await CallAsync(
            ("call/path", "/v1/jobs"),
            ("call/query", new JsonObject { ["$filter"] = "name eq 'a&b=c/ü'", ["limit"] = 5 })
        );

        Assert.Equal(
            $"{App}/api/Call/backupnet/default/v1/jobs?%24filter=name%20eq%20%27a%26b%3Dc%2F%C3%BC%27&limit=5",
            Assert.Single(_sent).Url
        );
    }

    [Fact]
    public async Task Headers_go_along_and_a_content_type_is_the_bodys()
    {
        await CallAsync(
            ("call/method", "POST"),
            ("call/path", "/x"),
            ("call/headers", new JsonObject { ["X-Mine"] = "1", ["content-type"] = "text/xml" }),
            ("call/body", "<x/>")
        );

        var (_, _, body, request) = Assert.Single(_sent);
        Assert.Equal("<x/>", body);
        Assert.Equal("1", Assert.Single(request.Headers.GetValues("X-Mine")));
        Assert.Equal("text/xml", request.Content!.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("\"2026-01-01T00:00:00Z\"", "2026-01-01T00:00:00Z")]
    [InlineData(
        """{"at":"2026-01-01T00:00:00+02:00","size":1.10}""",
        """{"at":"2026-01-01T00:00:00+02:00","size":1.10}"""
    )]
    [InlineData("[1,2]", "[1,2]")]
    public async Task A_body_arrives_as_it_was_given(string given, string expected)
    {
        await CallAsync(("call/method", "POST"), ("call/path", "/x"), ("call/body", JsonNode.Parse(given)!));

        var (_, _, body, request) = Assert.Single(_sent);
        Assert.Equal(expected, body);
        Assert.Equal("application/json", request.Content!.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("call/headers", """{"Authorization":"Bearer mine"}""")]
    [InlineData("call/headers", """{"host":"attacker.example"}""")]
    [InlineData("call/headers", """{"X-A":"1\r\nX-B: 2"}""")]
    [InlineData("call/headers", """{"X A":"1"}""")]
    [InlineData("call/headers", "\"X-A: 1\"")]
    [InlineData("call/query", "[1]")]
    [InlineData("call/method", "\"TRACE\"")]
    [InlineData("call/method", "\"get\"")]
    public async Task What_cannot_be_part_of_a_call_is_refused(string name, string json)
    {
        using var reply = await CallAsync(("call/path", "/x"), (name, JsonNode.Parse(json)!));

        Assert.Equal((HttpStatusCode.BadRequest, 0), (reply.StatusCode, _sent.Count));
    }

    private Task<HttpResponseMessage> CallAsync(params IReadOnlyList<(string Name, JsonNode Value)> given)
    {
        var parameters = new JsonObject { ["vendor"] = "backupnet", ["connection"] = "default" };
        foreach (var (name, value) in given)
            parameters[name] = value;
        return new PowerPlatform(SendAsync, App).CallAsync("CallApi", parameters);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync();
        _sent.Add((request.Method.Method, request.RequestUri!.AbsoluteUri, body, request));
        return new HttpResponseMessage(HttpStatusCode.OK);
    }
}
