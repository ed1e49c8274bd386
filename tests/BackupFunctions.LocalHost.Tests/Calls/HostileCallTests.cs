using System.IO.Compression;
using System.Text;
using BackupFunctions.Web.Calls;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.LocalHost.Tests.Calls;

/// <summary>What callers and vendors may send that nobody should.</summary>
public sealed class HostileCallTests
{
    private const string Base = "/api/Call/northwind/default/";

    public static TheoryData<string> Targets { get; } =
        new()
        {
            "../../x",
            "./x",
            "x/..",
            "%2e%2e/x",
            "%2E/x",
            "%252e%252e/x",
            "%25252e%25252e/x",
            "x/%2e%2e",
            "..%2fx",
            "%2fx",
            "x%2fy",
            "x%252fy",
            "x%5cy",
            "x\\y",
            "\\\\evil.example\\x",
            "http://user:password@evil.example/x",
            "x%255cy",
            "/evil.example/x",
            "x//y",
            "x%00",
            "x%0d%0aX-Injected:1",
            "x%250d",
            "%c0%ae%c0%ae/x",
            "x%c0%afy",
            "x%",
            "x%2",
            "x%zz",
            "http://evil.example/",
            "https:%2f%2fevil.example",
            "x?y=%0d%0a\u00e9",
            new string('x', 9_000),
        };

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_path_that_could_lead_elsewhere_is_never_called(string target)
    {
        await using var vendor = RawVendor.Saying(RawVendor.Reply(200));
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        var reply = await RawCaller.SendAsync(host, Base + target);

        Assert.InRange(RawCaller.StatusOf(reply), 400, 499);
        Assert.Empty(vendor.Calls);
    }

    /// <summary>As on the Functions host, whose server and router are not LocalHost's.</summary>
    [Theory]
    [MemberData(nameof(Targets))]
    public async Task The_handlers_refuse_such_a_path_whoever_routed_it(string target)
    {
        await using var vendor = RawVendor.Saying(RawVendor.Reply(200));
        await using var host = await RunningHost.StartAsync(vendor.Settings());
        var context = new DefaultHttpContext { RequestServices = host.Services };
        context.Request.Method = "GET";
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = Base + target;
        using var body = new MemoryStream();
        context.Response.Body = body;

        var handlers = host.Services.GetRequiredService<CallHandlers>();
        var result = await handlers.CallAsync(context.Request, "northwind", "default", CancellationToken.None);
        await result.ExecuteAsync(context);

        Assert.Equal(
            (400, "backupfunctions"),
            (context.Response.StatusCode, context.Response.Headers["X-Answered-By"].ToString())
        );
        Assert.Contains("invalid-parameter", Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
        Assert.Empty(vendor.Calls);
    }

    [Theory]
    [InlineData("http://evil.example/api/Call/northwind/default/x", 400)]
    [InlineData("http://user:password@evil.example/api/Call/northwind/default/x", 400)]
    [InlineData("//evil.example/api/Call/northwind/default/x", 404)]
    [InlineData("/api/Call/northwind/default", 200)]
    [InlineData("/api/Call/acronis/../northwind/default/x", 400)]
    [InlineData("/api/Call/northwind%2fdefault/x/y", 404)]
    public async Task A_target_of_another_form_reaches_no_other_origin(string target, int status)
    {
        await using var vendor = RawVendor.Saying(RawVendor.Reply(200));
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        var reply = await RawCaller.SendAsync(host, target);

        Assert.Equal(status, RawCaller.StatusOf(reply));
        Assert.Equal(status == 200 ? ["GET /base HTTP/1.1"] : [], vendor.Calls.Select(call => call.Split("\r\n")[0]));
    }

    [Theory]
    [InlineData("Upgrade: websocket\r\n")]
    [InlineData("Host: evil.example\r\n")]
    [InlineData("X-A: b\r\n c\r\n")]
    [InlineData("X-A\r\n")]
    [InlineData("Content-Length: 1\r\nContent-Length: 2\r\n")]
    public async Task A_request_that_is_ambiguous_is_refused(string headers)
    {
        await using var vendor = RawVendor.Saying(RawVendor.Reply(200));
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        var reply = await RawCaller.SendAsync(host, Base + "x", headers);

        Assert.Equal(400, RawCaller.StatusOf(reply));
        Assert.Empty(vendor.Calls);
    }

    [Fact]
    public async Task A_length_beside_chunks_is_not_passed_on()
    {
        await using var vendor = RawVendor.Saying(RawVendor.Reply(200));
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        var reply = await RawCaller.SendAsync(
            host,
            Base + "x",
            "Transfer-Encoding: chunked\r\nContent-Length: 3\r\nTrailer: X-T\r\nExpect: 100-continue\r\n\r\n"
                + "2\r\nab\r\n0\r\nX-T: hidden\r\n",
            "POST"
        );

        var call = Assert.Single(vendor.Calls);
        Assert.DoesNotContain("Content-Length: 3", call, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hidden", call, StringComparison.Ordinal);
        Assert.DoesNotContain("Expect:", call, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("\r\n2\r\nab\r\n0\r\n\r\n", call, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 ", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vendor_that_switches_protocols_is_no_reply()
    {
        await using var vendor = RawVendor.Saying(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"
        );
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        using var reply = await host.Client.GetAsync(Base + "x");

        Assert.Equal((503, "backupfunctions"), ((int)reply.StatusCode, CallTests.AnsweredBy(reply)));
        Assert.Contains("vendor-reply-unusable", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        200,
        "ok"
    )]
    [InlineData(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n2\r\nok\r\n0\r\nX-T: t\r\n\r\n",
        200,
        "ok"
    )]
    [InlineData("HTTP/1.1 404 Gone\r\nContent-Length: 4\r\n\r\ngone", 404, "gone")]
    [InlineData("HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\noh", 500, "oh")]
    [InlineData("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", 429, "")]
    public async Task What_the_vendor_answers_passes(string answer, int status, string body)
    {
        await using var vendor = RawVendor.Saying(answer);
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        using var reply = await host.Client.GetAsync(Base + "x");

        Assert.Equal((status, "vendor"), ((int)reply.StatusCode, CallTests.AnsweredBy(reply)));
        Assert.Equal(body, await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_without_a_length_passes()
    {
        await using var vendor = new RawVendor(
            async (_, stream) =>
            {
                await RawVendor.WriteAsync(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end");
                stream.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            }
        );
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        Assert.Equal("until the end", await host.Client.GetStringAsync(Base + "x"));
    }

    [Fact]
    public async Task A_204_has_no_body_whatever_follows_it_and_the_next_call_is_not_confused()
    {
        await using var vendor = RawVendor.Saying("HTTP/1.1 204 None\r\nContent-Length: 4\r\n\r\nbody");
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        using var first = await host.Client.GetAsync(Base + "x");
        using var second = await host.Client.GetAsync(Base + "x");

        Assert.Equal((204, 204), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Empty(await first.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_compressed_body_passes_as_it_is()
    {
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write("hello"u8);
        await using var vendor = RawVendor.Saying(
            RawVendor.Reply(200, Encoding.Latin1.GetString(packed.ToArray()), "Content-Encoding: gzip\r\n")
        );
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        using var reply = await host.Client.GetAsync(Base + "x");

        Assert.Equal("gzip", reply.Content.Headers.ContentEncoding.Single());
        Assert.Equal(packed.ToArray(), await reply.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_reply_that_breaks_off_breaks_off_for_the_caller_too()
    {
        await using var vendor = new RawVendor(
            async (_, stream) =>
            {
                await RawVendor.WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                stream.Socket.Close(0);
            }
        );
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        await Assert.ThrowsAnyAsync<Exception>(() => host.Client.GetStringAsync(Base + "x"));

        Assert.Single(vendor.Calls);
    }

    [Fact]
    public async Task A_reply_of_two_gigabytes_streams()
    {
        const long Length = (2L << 30) + 1;
        var chunk = new byte[1 << 20];
        await using var vendor = new RawVendor(
            async (_, stream) =>
            {
                await RawVendor.WriteAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n");
                for (var left = Length; left > 0; left -= chunk.Length)
                    await stream.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)));
            }
        );
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        using var reply = await host.Client.GetAsync(Base + "x", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await reply.Content.ReadAsStreamAsync();
        var (received, buffer) = (0L, new byte[1 << 20]);
        while (await body.ReadAsync(buffer) is > 0 and var read)
            received += read;

        Assert.Equal((Length, Length), (reply.Content.Headers.ContentLength, received));
        Assert.Single(vendor.Calls);
    }

    [Fact]
    public async Task A_slow_reply_arrives_as_it_comes()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var vendor = new RawVendor(
            async (_, stream) =>
            {
                await RawVendor.WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
                await arrived.Task;
                await RawVendor.WriteAsync(stream, "b");
            }
        );
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        using var reply = await host.Client.GetAsync(Base + "x", HttpCompletionOption.ResponseHeadersRead);
        var body = await reply.Content.ReadAsStreamAsync();
        var first = body.ReadByte();
        arrived.SetResult();

        Assert.Equal(('a', 'b'), ((char)first, (char)body.ReadByte()));
    }
}
