using System.Text;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;

namespace BackupFunctions.LocalHost.Tests.Calls;

/// <summary>Call-through, end to end.</summary>
public sealed class CallTests
{
    private const string Path = "/api/Call/northwind/default/v1/customers?limit=5&name=a%20b";

    public static TheoryData<string> Vendors { get; } = [.. VendorProfiles.BuiltIn.Select(vendor => vendor.Name)];

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Every_vendor_answers_without_a_token_in_callers_hands(string vendor)
    {
        await using var host = await RunningHost.StartAsync();
        var call = CallOf(VendorProfiles.BuiltIn.Single(profile => profile.Name == vendor), host.Emulators);
        using var request = new HttpRequestMessage(
            HttpMethod.Parse(call.Method),
            $"/api/Call/{vendor}/default/{call.Path}"
        );
        if (call.Json is { } json)
            request.Content = new StringContent(json, mediaType: new("application/json"));

        using var reply = await host.Client.SendAsync(request);

        Assert.Equal((200, "vendor"), ((int)reply.StatusCode, AnsweredBy(reply)));
    }

    /// <summary>The call that the check makes; of the others, one that their emulators have.</summary>
    private static ApiCall CallOf(VendorProfile vendor, EmulatorSuite emulators)
    {
        var call = vendor.HarmlessCall
            ?? new ApiCall(
                "GET",
                vendor.Name switch
                {
                    "acronis-cyberapp" => $"api/2/clients/{emulators.AcronisCyberApp.ClientId}",
                    "avepoint" => "platformbackup/jobs",
                    "veeam" => "api/v8/virtualMachines",
                    _ => throw new InvalidOperationException($"{vendor.Name} has no call."),
                }
            );
        return call with
        {
            Path = call
                .Path.Replace("{ApiVersion}", "v8", StringComparison.Ordinal)
                .Replace("{ClientId}", emulators.Acronis.ClientId, StringComparison.Ordinal),
        };
    }

    [Fact]
    public async Task The_vendor_gets_the_call_and_nothing_that_is_not_its_business()
    {
        await using var vendor = RawVendor.Saying(
            RawVendor.Reply(
                201,
                "{}",
                "Content-Type: application/vnd.x+json\r\nETag: \"7\"\r\nSet-Cookie: a=b\r\nX-Answered-By: me\r\n"
                    + "Strict-Transport-Security: max-age=1\r\nAccess-Control-Allow-Origin: *\r\n"
            )
        );
        await using var host = await RunningHost.StartAsync(vendor.Settings());
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Path}&code=the-function-key&CODE=again")
        {
            Content = new StringContent("""{"a":1}""", Encoding.UTF8, "application/json"),
        };
        string[] withheld =
        [
            "Authorization",
            "Cookie",
            "x-functions-key",
            "X-MS-CLIENT-PRINCIPAL",
            "x-ms-invocation-id",
            "X-Forwarded-For",
            "X-Original-URL",
            "X-ARR-LOG-ID",
            "X-HTTP-Method-Override",
            "X-Rewrite-URL",
            "traceparent",
            "baggage",
            "Referer",
            "Proxy-Authorization",
            "TE",
            "X-Hop",
        ];
        foreach (var name in withheld)
            request.Headers.TryAddWithoutValidation(name, "withheld");
        request.Headers.TryAddWithoutValidation("Connection", "X-Hop");
        request.Headers.TryAddWithoutValidation("x-api-version", "1");
        request.Headers.TryAddWithoutValidation("X-Custom", "kept");

        using var reply = await host.Client.SendAsync(request);

        var call = Assert.Single(vendor.Calls);
        Assert.StartsWith("POST /base/v1/customers?limit=5&name=a%20b HTTP/1.1\r\n", call, StringComparison.Ordinal);
        Assert.EndsWith("""{"a":1}""", call, StringComparison.Ordinal);
        Assert.Contains($"\r\nHost: 127.0.0.1:{vendor.Port}\r\n", call, StringComparison.Ordinal);
        Assert.Contains("\r\nAuthorization: Bearer token-number-1-of-northwind\r\n", call, StringComparison.Ordinal);
        Assert.Contains("\r\nx-api-version: 2\r\n", call, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Custom: kept\r\n", call, StringComparison.Ordinal);
        Assert.DoesNotContain("withheld", call, StringComparison.Ordinal);
        Assert.DoesNotContain("function-key", call, StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", call, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((201, "vendor"), ((int)reply.StatusCode, AnsweredBy(reply)));
        Assert.Equal("application/vnd.x+json", reply.Content.Headers.ContentType!.ToString());
        Assert.Equal("\"7\"", reply.Headers.ETag!.ToString());
        Assert.Equal("{}", await reply.Content.ReadAsStringAsync());
        string[] ours = ["Set-Cookie", "Strict-Transport-Security", "Access-Control-Allow-Origin"];
        Assert.DoesNotContain(ours, name => reply.Headers.Contains(name));
        Assert.Equal("sandbox", reply.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Fact]
    public async Task A_token_that_is_not_accepted_is_renewed_and_the_call_repeated_once_with_its_body()
    {
        await using var vendor = Rejecting("token-number-1-");
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        using var reply = await host.Client.PostAsync(Path, new StringContent(new string('x', 100_000)));

        Assert.Equal((200, "fine"), ((int)reply.StatusCode, await reply.Content.ReadAsStringAsync()));
        Assert.Equal((2, 2), (vendor.Calls.Count, vendor.Tokens));
        Assert.All(vendor.Calls, call => Assert.EndsWith(new string('x', 100_000), call, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_second_answer_is_final()
    {
        await using var vendor = Rejecting("token-number-");
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        using var reply = await host.Client.GetAsync(Path);

        Assert.Equal(
            (401, "vendor", "no"),
            ((int)reply.StatusCode, AnsweredBy(reply), await reply.Content.ReadAsStringAsync())
        );
        Assert.Equal(2, vendor.Calls.Count);
    }

    [Fact]
    public async Task A_body_that_is_too_long_to_keep_is_sent_once()
    {
        await using var vendor = Rejecting("token-number-");
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        using var reply = await host.Client.PostAsync(Path, new StringContent(new string('x', (1024 * 1024) + 1)));

        Assert.Equal((401, "vendor"), ((int)reply.StatusCode, AnsweredBy(reply)));
        Assert.Single(vendor.Calls);
    }

    [Fact]
    public async Task A_caller_without_permission_cannot_hammer_the_sign_in_nor_take_others_token_away()
    {
        await using var vendor = new RawVendor(
            (request, stream) =>
                RawVendor.WriteAsync(
                    stream,
                    RawVendor.Reply(request.Contains("/forbidden", StringComparison.Ordinal) ? 403 : 200)
                )
        );
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        for (var i = 0; i < 30; i++)
        {
            using var refused = await host.Client.GetAsync("/api/Call/northwind/default/forbidden");
            Assert.Equal((403, "vendor"), ((int)refused.StatusCode, AnsweredBy(refused)));
        }

        using var allowed = await host.Client.GetAsync(Path);
        Assert.Equal(200, (int)allowed.StatusCode);
        Assert.InRange(vendor.Tokens, 2, 8);
    }

    [Fact]
    public async Task Thousands_of_calls_with_a_token_that_dies_half_way_are_answered_after_one_renewal()
    {
        const int Calls = 10_000;
        var isRevoked = 0;
        var answered = 0;
        await using var vendor = new RawVendor(
            (request, stream) =>
            {
                if (Interlocked.Increment(ref answered) == Calls / 2)
                    Volatile.Write(ref isRevoked, 1);
                var isDead =
                    Volatile.Read(ref isRevoked) == 1
                    && request.Contains("Bearer token-number-1-", StringComparison.Ordinal);
                return RawVendor.WriteAsync(stream, RawVendor.Reply(isDead ? 401 : 200));
            }
        );
        await using var host = await RunningHost.StartAsync(vendor.Settings());
        var statuses = new System.Collections.Concurrent.ConcurrentBag<int>();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Calls),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 32,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (_, cancellation) =>
            {
                using var reply = await host.Client.GetAsync(Path, cancellation);
                statuses.Add((int)reply.StatusCode);
            }
        );

        Assert.Equal(Calls, statuses.Count(status => status == 200));
        Assert.Equal(2, vendor.Tokens);
    }

    [Theory]
    [InlineData("/base/v2/jobs/7?x=1", "/api/Call/northwind/default/v2/jobs/7?x=1")]
    [InlineData("jobs", "/api/Call/northwind/default/v1/jobs")]
    [InlineData("https://elsewhere.example/base/x", null)]
    [InlineData("//elsewhere.example/base/x", null)]
    [InlineData("/other", null)]
    [InlineData("/baseless", null)]
    public async Task A_location_at_the_vendor_leads_back_here_and_any_other_is_dropped(
        string location,
        string? expected
    )
    {
        await using var vendor = RawVendor.Saying(RawVendor.Reply(302, headers: $"Location: {location}\r\n"));
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        var reply = await RawCaller.SendAsync(host, Path);

        Assert.Equal(302, RawCaller.StatusOf(reply));
        if (expected is null)
            Assert.DoesNotContain("Location:", reply, StringComparison.OrdinalIgnoreCase);
        else
            Assert.Contains($"\r\nLocation: {expected}\r\n", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vendor_that_is_down_is_a_problem_of_this_app()
    {
        var vendor = Rejecting("nothing");
        var settings = vendor.Settings();
        await using var host = await RunningHost.StartAsync(settings);
        (await host.Client.GetAsync(Path)).Dispose();
        await vendor.DisposeAsync();

        using var reply = await host.Client.GetAsync(Path);

        Assert.Equal((503, "backupfunctions"), ((int)reply.StatusCode, AnsweredBy(reply)));
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(reply.Headers.RetryAfter);
        Assert.Contains("vendor-unavailable", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/Call/northwind/nobody/x", 404)]
    [InlineData("GET", "/api/Call/nobody/default/x", 404)]
    [InlineData("OPTIONS", "/api/Call/northwind/default/x", 405)]
    [InlineData("TRACE", "/api/Call/northwind/default/x", 405)]
    public async Task What_is_not_there_says_so(string method, string path, int status)
    {
        await using var vendor = Rejecting("nothing");
        await using var host = await RunningHost.StartAsync(vendor.Settings());

        var reply = await RawCaller.SendAsync(host, path, method: method);

        Assert.Equal(status, RawCaller.StatusOf(reply));
        Assert.Empty(vendor.Calls);
    }

    [Fact]
    public async Task Rules_narrow_what_anyone_may_call()
    {
        await using var vendor = Rejecting("nothing");
        await using var host = await RunningHost.StartAsync(
            vendor.Settings(("Calls__Northwind__default__Allow", "GET v1/customers; POST v1/reports/**"))
        );

        using var allowed = await host.Client.GetAsync(Path);
        using var below = await host.Client.PostAsync("/api/Call/northwind/default/v1/reports/7/run", content: null);
        using var other = await host.Client.DeleteAsync(Path);

        Assert.Equal((200, 200, 403), ((int)allowed.StatusCode, (int)below.StatusCode, (int)other.StatusCode));
        Assert.Contains("call-not-allowed", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(2, vendor.Calls.Count);
    }

    [Fact]
    public async Task A_call_is_audited_and_no_query_header_or_body_is_in_a_log_of_ours()
    {
        await using var vendor = RawVendor.Saying(
            RawVendor.Reply(200, "canary-of-the-reply", "X-Reply: canary-of-the-reply\r\n")
        );
        var log = new LogRecorder();
        await using var host = await RunningHost.StartAsync(vendor.Settings(), log: log);
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            "/api/Call/northwind/default/v1/x?q=canary-of-the-query"
        );
        request.Headers.Add("X-Mine", "canary-of-the-header");
        request.Content = new StringContent("canary-of-the-body");

        (await host.Client.SendAsync(request)).Dispose();

        // The caller has the last byte before the event is written; a host that stops finishes what it serves.
        await host.DisposeAsync();
        var audit = Assert.Single(log.Events, one => one.EventId.Id == 1307);
        Assert.Matches(
            "^POST /v1/x at northwind/default called by a local caller: 2xx, 19 bytes in [0-9]+ ms[.]$",
            audit.Message
        );

        // ASP.NET Core's own log of requests, which both hosts keep to warnings, is not ours.
        var ours = log.Events.Where(one => !one.Category.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal));
        Assert.DoesNotContain(ours, one => one.ToString().Contains("canary", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Events, one => one.Category.StartsWith("Yarp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_static_key_goes_to_the_vendor_in_its_header()
    {
        await using var vendor = RawVendor.Saying(RawVendor.Reply(200));
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string>
            {
                ["Vendors__Northwind__Flow"] = "StaticKey",
                ["Vendors__Northwind__KeyHeader"] = "x-api-key",
                ["Connections__Northwind__default__BaseUrl"] = $"http://127.0.0.1:{vendor.Port}",
                ["EmbeddedVault__Secrets__northwind_default_api_key"] = Testing.SuiteLog.Guard("the-static-key"),
            }
        );

        using var reply = await host.Client.GetAsync("/api/Call/northwind/default/v1/x");

        Assert.Equal(200, (int)reply.StatusCode);
        var call = Assert.Single(vendor.Calls);
        Assert.Contains("\r\nx-api-key: the-static-key\r\n", call, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization:", call, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_callers_end_is_the_vendor_calls_end()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var vendor = new RawVendor(
            async (_, stream) =>
            {
                begun.SetResult();
                Assert.Equal(0, await stream.ReadAsync(new byte[1]));
                ended.SetResult();
            }
        );
        await using var host = await RunningHost.StartAsync(vendor.Settings());
        using var leaving = new CancellationTokenSource();

        var calling = host.Client.GetAsync(Path, leaving.Token);
        await begun.Task;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    internal static RawVendor Rejecting(string token) =>
        new(
            (request, stream) =>
                RawVendor.WriteAsync(
                    stream,
                    request.Contains($"Bearer {token}", StringComparison.Ordinal)
                        ? RawVendor.Reply(401, "no")
                        : RawVendor.Reply(200, "fine")
                )
        );

    internal static string? AnsweredBy(HttpResponseMessage reply) =>
        reply.Headers.TryGetValues("X-Answered-By", out var values) ? string.Join(',', values) : null;
}
