using System.IO.Compression;
using System.Text;
using BackupFunctions.Clocks;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.SignIn;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Duende.IdentityModel.Client;

namespace BackupFunctions.Core.Tests.Untrusted;

/// <summary>The network's real end, with no stub in its place, against servers that do not keep to the rules.</summary>
public sealed class HostileServerTests
{
    private static readonly byte[] Token = Encoding.ASCII.GetBytes(
        """{"access_token":"a-token-in-disguise","token_type":"Bearer","expires_in":3600}"""
    );

    private readonly TestTime _time = new() { TimersFireAtOnce = true };

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("identity")]
    public async Task No_compression_is_asked_for_and_none_is_undone(string encoding)
    {
        await using var server = new RawServer(
            RawServer.Answering(
                $"200 OK\r\nContent-Type: application/json\r\nContent-Encoding: {encoding}",
                Compressed(encoding)
            )
        );

        if (encoding == "identity")
            Assert.Equal("a-token-in-disguise", (await RequestAsync(server)).ToGrant().AccessToken.Reveal());
        else
            Assert.Equal(
                FailureKind.VendorReplyUnusable,
                (await Bench.FailureAsync(async () => (await RequestAsync(server)).ToGrant())).Kind
            );

        Assert.DoesNotContain("Accept-Encoding", Assert.Single(server.Requests), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_followed_nowhere(int status)
    {
        await using var elsewhere = new RawServer(RawServer.Answering("200 OK", Token));
        await using var server = new RawServer(RawServer.Answering($"{status} Moved\r\nLocation: {elsewhere.Address}"));

        var failure = await Bench.FailureAsync(() => RequestAsync(server));

        Assert.Equal(FailureKind.VendorReplyUnusable, failure.Kind);
        Assert.Single(server.Requests);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_redirect_of_the_discovery_document_is_followed_nowhere()
    {
        await using var elsewhere = new RawServer(RawServer.Answering("200 OK", Token));
        await using var server = new RawServer(RawServer.Answering($"302 Moved\r\nLocation: {elsewhere.Address}"));
        using var http = Http();
        var discovery = new DiscoveryDocuments(http, _time);

        var failure = await Bench.FailureAsync(async () =>
            await discovery.TokenEndpointAsync(
                Bench.Pinned(server: server.Address.AbsoluteUri),
                TestContext.Current.CancellationToken
            )
        );

        Assert.Equal(FailureKind.VendorReplyUnusable, failure.Kind);
        Assert.Single(server.Requests);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Headers_without_end_are_cut_off()
    {
        long sent = 0;
        await using var server = new RawServer(
            async (stream, cancellation) =>
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), cancellation);
                var header = Encoding.ASCII.GetBytes($"X-More: {new string('x', 1000)}\r\n");
                for (var left = 1L << 30; left > 0; left -= header.Length)
                {
                    await stream.WriteAsync(header, cancellation);
                    Interlocked.Add(ref sent, header.Length);
                }
            }
        );

        var failure = await Bench.FailureAsync(() => RequestAsync(server));

        Assert.Equal(FailureKind.VendorUnavailable, failure.Kind);
        Assert.Equal(3, server.Requests.Count);
        Assert.InRange(Interlocked.Read(ref sent), 1, 64L << 20);
    }

    [Theory]
    [InlineData("X-Slow: yes\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\n\r\n")]
    public async Task Headers_that_drip_and_interim_replies_without_end_count_into_the_attempt(string drop)
    {
        await using var server = new RawServer(
            async (stream, cancellation) =>
            {
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes(
                        drop.StartsWith("HTTP", StringComparison.Ordinal) ? drop : "HTTP/1.1 200 OK\r\n" + drop
                    ),
                    cancellation
                );
                for (var second = 0; second < 10; second++)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(drop), cancellation);
                    _time.Advance(TimeSpan.FromSeconds(1));
                }

                // A client that has had enough goes; one that waits on would wait here until the test is cancelled.
                while (await stream.ReadAsync(new byte[1], cancellation) > 0) { }
            }
        );

        var failure = await Bench.FailureAsync(() => RequestAsync(server));

        Assert.Equal(FailureKind.VendorUnavailable, failure.Kind);
        Assert.Contains("did not answer within 10 s", failure.Detail, StringComparison.Ordinal);
        Assert.InRange((_time.GetUtcNow() - TestTime.Noon).TotalSeconds, 30, 40);
    }

    [Theory]
    [InlineData("200 OK\r\nX-Injected\0: 1")]
    [InlineData("200 OK\r\n: no name")]
    [InlineData("99999 OK")]
    [InlineData("-1 OK")]
    [InlineData("")]
    public async Task A_head_that_is_no_http_is_no_answer_and_nothing_of_it_is_told(string head)
    {
        await using var server = new RawServer(RawServer.Answering(head, Token));

        var failure = await Bench.FailureAsync(() => RequestAsync(server));

        Assert.Equal(
            (FailureKind.VendorUnavailable, $"{server.Address.Authority} answered with something that is not HTTP."),
            (failure.Kind, failure.Detail)
        );
        Assert.Equal(3, server.Requests.Count);
    }

    private static byte[] Compressed(string encoding)
    {
        if (encoding == "identity")
            return Token;
        var body = new MemoryStream();
        using (
            Stream stream = encoding switch
            {
                "gzip" => new GZipStream(body, CompressionLevel.Fastest),
                "br" => new BrotliStream(body, CompressionLevel.Fastest),
                _ => new ZLibStream(body, CompressionLevel.Fastest),
            }
        )
        {
            stream.Write(Token);
        }

        return body.ToArray();
    }

    private VendorHttp Http() => new(new VendorClocks(new HostClock(_time)), new SeededRandom(20261122), _time);

    private async Task<TokenReply> RequestAsync(RawServer server)
    {
        using var http = Http();
        using var request = new TokenRequest
        {
            Address = server.Address.AbsoluteUri,
            GrantType = "client_credentials",
            ClientId = "id",
        };
        return await new TokenEndpoint(http, _time).RequestAsync(
            request,
            Bench.Pinned(),
            spends: false,
            TestContext.Current.CancellationToken
        );
    }
}
