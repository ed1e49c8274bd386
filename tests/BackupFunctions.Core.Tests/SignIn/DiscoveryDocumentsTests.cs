using System.Net;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.SignIn;

public sealed class DiscoveryDocumentsTests
{
    private static readonly Uri Authority = new("https://login.vendor.example");

    private readonly Bench _bench = new();

    [Theory]
    [InlineData("https://login.vendor.example")]
    [InlineData("https://login.vendor.example/")]
    public async Task The_token_endpoint_is_the_one_that_the_document_names(string issuer)
    {
        _bench.Network.Answers(Document(issuer));

        var endpoint = await FindAsync();

        Assert.Equal(new Uri("https://login.vendor.example/connect/token"), endpoint);
        var sent = Assert.Single(_bench.Network.Sent);
        Assert.Equal(new Uri("https://login.vendor.example/.well-known/openid-configuration"), sent.Address);
        Assert.Null(sent.Authorization);
    }

    [Fact]
    public async Task An_authority_with_a_path_has_its_document_below_it()
    {
        _bench.Network.Answers(
            Document("https://login.vendor.example/realm", "https://login.vendor.example/realm/token")
        );

        var endpoint = await _bench.Discovery.TokenEndpointAsync(
            Bench.Pinned(server: "https://login.vendor.example/realm"),
            CancellationToken.None
        );

        Assert.Equal(new Uri("https://login.vendor.example/realm/token"), endpoint);
        Assert.Equal(
            "/realm/.well-known/openid-configuration",
            Assert.Single(_bench.Network.Sent).Address.AbsolutePath
        );
    }

    [Theory]
    [InlineData("https://evil.example", "https://login.vendor.example/connect/token")]
    [InlineData("https://login.vendor.example.evil.example", "https://login.vendor.example/connect/token")]
    [InlineData("http://login.vendor.example", "https://login.vendor.example/connect/token")]
    [InlineData("https://login.vendor.example", "https://evil.example/connect/token")]
    [InlineData("https://login.vendor.example", "https://login.vendor.example:8443/connect/token")]
    [InlineData("https://login.vendor.example", "https://login.vendor.example@evil.example/connect/token")]
    [InlineData("https://login.vendor.example", "http://login.vendor.example/connect/token")]
    [InlineData("https://login.vendor.example", "https://evil:password@login.vendor.example/connect/token")]
    [InlineData("https://login.vendor.example", "https://169.254.169.254/metadata/identity/oauth2/token")]
    [InlineData("https://login.vendor.example", "file:///etc/passwd")]
    public async Task A_document_of_another_issuer_or_with_an_endpoint_elsewhere_is_not_trusted(
        string issuer,
        string tokenEndpoint
    )
    {
        _bench.Network.Answers(Document(issuer, tokenEndpoint));

        var failure = await Bench.FailureAsync(FindAsync);

        Assert.Equal(FailureKind.ServerNotTrusted, failure.Kind);
        Assert.DoesNotContain("evil", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_longer_than_any_server_has_is_none_and_stands_in_no_message()
    {
        _bench.Network.Answers(Document(tokenEndpoint: "https://login.vendor.example/" + new string('x', 2_000)));

        var failure = await Bench.FailureAsync(FindAsync);

        Assert.Equal(FailureKind.VendorReplyUnusable, failure.Kind);
        Assert.InRange(failure.Detail.Length, 1, 500);
    }

    [Theory]
    [InlineData("https://login.vendor.example/jwks")]
    [InlineData("https://login.vendor.example/broken")]
    public async Task The_key_set_is_not_loaded_so_a_broken_one_is_harmless(string keys)
    {
        _bench
            .Network.Answers(Document().Replace("/jwks", new Uri(keys).AbsolutePath, StringComparison.Ordinal))
            .Fails(new HttpRequestException("no keys"));

        await FindAsync();

        Assert.Single(_bench.Network.Sent);
    }

    [Fact]
    public async Task A_document_without_a_key_set_will_do()
    {
        _bench.Network.Answers(
            """{"issuer":"https://login.vendor.example","token_endpoint":"https://login.vendor.example/connect/token"}"""
        );

        var endpoint = await FindAsync();

        Assert.Equal("/connect/token", endpoint.AbsolutePath);
    }

    [Fact]
    public async Task A_document_serves_for_an_hour()
    {
        _bench.Network.Answers(Document()).Answers(Document(tokenEndpoint: "https://login.vendor.example/moved"));

        await FindAsync();
        _bench.Time.Advance(TimeSpan.FromMinutes(59));
        var cached = await FindAsync();
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        var anew = await FindAsync();

        Assert.Equal("/connect/token", cached.AbsolutePath);
        Assert.Equal("/moved", anew.AbsolutePath);
        Assert.Equal(2, _bench.Network.Sent.Count);
    }

    public static TheoryData<string> Outages => ["503", "429", "404", "transport", "html", "no endpoint"];

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task The_last_known_endpoint_serves_while_the_authority_is_down(string outage)
    {
        _bench.Network.Answers(Document());
        _ = Break(outage);

        await FindAsync();
        _bench.Time.Advance(TimeSpan.FromHours(2));
        var endpoint = await FindAsync();

        Assert.Equal("/connect/token", endpoint.AbsolutePath);
    }

    [Theory]
    [InlineData("503", FailureKind.VendorUnavailable)]
    [InlineData("429", FailureKind.VendorThrottled)]
    [InlineData("404", FailureKind.VendorReplyUnusable)]
    [InlineData("transport", FailureKind.VendorUnavailable)]
    [InlineData("html", FailureKind.VendorReplyUnusable)]
    [InlineData("no endpoint", FailureKind.VendorReplyUnusable)]
    [InlineData("401", FailureKind.VendorReplyUnusable)]
    [InlineData("array", FailureKind.VendorReplyUnusable)]
    [InlineData("surrogate", FailureKind.VendorReplyUnusable)]
    [InlineData("relative", FailureKind.VendorReplyUnusable)]
    public async Task Without_a_document_the_failure_says_so(string outage, FailureKind expected)
    {
        _ = Break(outage);

        var failure = await Bench.FailureAsync(FindAsync);

        Assert.Equal(expected, failure.Kind);
        Assert.Contains("login.vendor.example", failure.Detail, StringComparison.Ordinal);
        Assert.False(failure.NeedsOperator);
    }

    [Fact]
    public async Task A_known_endpoint_does_not_cover_up_a_document_that_turned_false()
    {
        _bench.Network.Answers(Document()).Answers(Document("https://evil.example"));

        await FindAsync();
        _bench.Time.Advance(TimeSpan.FromHours(2));
        var failure = await Bench.FailureAsync(FindAsync);

        Assert.Equal(FailureKind.ServerNotTrusted, failure.Kind);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5001")]
    [InlineData("http://localhost:5001")]
    [InlineData("http://[::1]:5001")]
    public async Task An_authority_on_this_machine_may_speak_http(string authority)
    {
        _bench.Network.Answers(Document(authority, authority + "/connect/token"));

        var endpoint = await _bench.Discovery.TokenEndpointAsync(
            Bench.Pinned(server: authority),
            CancellationToken.None
        );

        Assert.Equal("/connect/token", endpoint.AbsolutePath);
    }

    internal static string Document(
        string issuer = "https://login.vendor.example",
        string tokenEndpoint = "https://login.vendor.example/connect/token"
    ) =>
        $$"""{"issuer":"{{issuer}}","jwks_uri":"{{issuer.TrimEnd('/')}}/jwks","token_endpoint":"{{tokenEndpoint}}","grant_types_supported":["client_credentials"]}""";

    private StubNetwork Break(string outage) =>
        outage switch
        {
            "transport" => _bench.Network.Fails(new HttpRequestException(HttpRequestError.ConnectionError)),
            "html" => _bench.Network.Answers(HttpStatusCode.OK, "<html>maintenance</html>", "text/html"),
            "no endpoint" => _bench.Network.Answers("""{"issuer":"https://login.vendor.example"}"""),
            "array" => _bench.Network.Answers("[]"),
            "surrogate" => _bench.Network.Answers("""{"issuer":"\ud800"}"""),
            "relative" => _bench.Network.Answers(
                """{"issuer":"https://login.vendor.example","token_endpoint":"connect/token"}"""
            ),
            _ => _bench.Network.Answers(
                (HttpStatusCode)int.Parse(outage, System.Globalization.CultureInfo.InvariantCulture)
            ),
        };

    private async Task<Uri> FindAsync() =>
        await _bench.Discovery.TokenEndpointAsync(
            Bench.Pinned(server: Authority.AbsoluteUri),
            TestContext.Current.CancellationToken
        );
}
