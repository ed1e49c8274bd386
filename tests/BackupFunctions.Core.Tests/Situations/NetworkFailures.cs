using System.Globalization;
using System.Net;
using BackupFunctions.Check;
using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Core.Tests.Vendors;
using BackupFunctions.SignIn;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Duende.IdentityModel.Client;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>
/// Servers and proxies that fail, over the real network. A sign-in and <c>check</c> say the same about each.
/// </summary>
internal static class NetworkFailures
{
    private const string Words = "the causes that an operator must be told apart";
    private const string NoCertificate =
        "server-not-trusted: The TLS handshake with SERVER failed: it showed no certificate.";
    private const string Closed = "vendor-unavailable: The TLS handshake with SERVER failed: it showed no certificate.";
    private const string BrokeOff =
        "vendor-unavailable: The connection to SERVER broke off before the answer was complete.";
    private const string Unknown = "is signed by an authority that this host does not trust";

    private static readonly string OtherPin = string.Concat(Enumerable.Repeat("AB", 32));
    private static readonly string ProxyPassword = SuiteLog.Guard("the-password-of-the-proxy");

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        new(
            Words,
            "network: a name that DNS does not know",
            "vendor-unavailable: DNS does not know vendor.invalid.",
            () => TryAsync("https://vendor.invalid")
        ),
        new(
            Words,
            "network: nothing listens",
            "vendor-unavailable: Could not connect to 127.0.0.1:1: connection refused.",
            () => TryAsync("https://127.0.0.1:1")
        ),
        new(Words, "network: no answer", "vendor-unavailable: SERVER did not answer within 10 s.", () =>
            TryHangingAsync()
        ),
        Row("network: plain HTTP at the TLS port", NoCertificate, () =>
            BadServer.Answering("HTTP/1.1 400 Bad\r\n\r\n")
        ),
        Row("network: SSH at the TLS port", NoCertificate, () => BadServer.Answering("SSH-2.0-OpenSSH_9.6\r\n")),
        Row("network: closed in the handshake", Closed, () => BadServer.Answering("")),
        Row(
            $"network: an unknown authority",
            $"server-not-trusted: The certificate of SERVER (subject the appliance, issuer the appliance) {Unknown}.",
            () => BadServer.WithCertificate("localhost", (-1, 30))
        ),
        Row(
            $"network: an expired certificate",
            $"server-not-trusted: The certificate of SERVER (subject the appliance, issuer the appliance) expired on DAY-1 and {Unknown}.",
            () => BadServer.WithCertificate("localhost", (-9, -1))
        ),
        Row(
            $"network: a certificate of the future",
            $"server-not-trusted: The certificate of SERVER (subject the appliance, issuer the appliance) is not valid before DAY+3 and {Unknown}.",
            () => BadServer.WithCertificate("localhost", (3, 30))
        ),
        Row(
            $"network: a certificate for another name",
            $"server-not-trusted: The certificate of SERVER (subject the appliance, issuer the appliance) is for another name and {Unknown}.",
            () => BadServer.WithCertificate("appliance.example", (-1, 30))
        ),
        Row(
            "network: a certificate that is not the pinned one",
            "server-not-trusted: The certificate of SERVER (subject the appliance, SHA-256 SHA) does not match the pin (ABABABABABABABAB…).",
            () => BadServer.WithCertificate("localhost", (-1, 30)),
            OtherPin
        ),
        Row("network: closed without an answer", BrokeOff, () => BadServer.Answering(""), scheme: "http"),
        Row(
            "network: closed within the headers",
            BrokeOff,
            () => BadServer.Answering("HTTP/1.1 200 OK\r\nContent-Ty"),
            scheme: "http"
        ),
        Row(
            "network: SSH in place of HTTP",
            "vendor-unavailable: SERVER answered with something that is not HTTP.",
            () => BadServer.Answering("SSH-2.0-OpenSSH_9.6\r\n"),
            scheme: "http"
        ),
        Row(
            "network: a header of 100 KB",
            "vendor-unavailable: SERVER sent headers without end.",
            () => BadServer.Answering($"HTTP/1.1 200 OK\r\nX: {new string('x', 100_000)}"),
            scheme: "http"
        ),
        Proxy(
            "proxy: refuses the server",
            "vendor-unavailable: The proxy PROXY did not connect to vendor.invalid (403).",
            "403 Forbidden"
        ),
        Proxy(
            "proxy: cannot reach the server",
            "vendor-unavailable: The proxy PROXY did not connect to vendor.invalid (502).",
            "502 Bad Gateway"
        ),
        Proxy(
            "proxy: wants a password",
            "vendor-unavailable: The proxy PROXY wants a user and a password before it connects to vendor.invalid (407).",
            "407 Who"
        ),
        new(
            Words,
            "proxy: nothing listens",
            "vendor-unavailable: Could not connect to the proxy 127.0.0.1:1, through which vendor.invalid is reached: connection refused.",
            () => TryWithProxyAsync("127.0.0.1:1")
        ),
        new(
            $"sibling of {Words}",
            "proxy: a name that DNS does not know",
            "vendor-unavailable: Could not connect to the proxy proxy.invalid:8080, through which vendor.invalid is reached: DNS does not know proxy.invalid.",
            () => TryWithProxyAsync("proxy.invalid:8080")
        ),
    ];

    private static Situation Row(
        string input,
        string right,
        Func<BadServer> start,
        string? pin = null,
        string scheme = "https"
    ) => new(input.Contains("SSH", StringComparison.Ordinal) ? $"sibling of {Words}" : Words, input, right, async () =>
        {
            await using var server = start();
            var host = scheme == "https" ? "localhost" : "127.0.0.1";
            var seen = await TryAsync($"{scheme}://{host}:{server.Port}", pin);
            return WithoutSha(seen.Replace($"{host}:{server.Port}", "SERVER", StringComparison.Ordinal));
        });

    private static Situation Proxy(string input, string right, string answer) => new(Words, input, right, async () =>
        {
            await using var proxy = BadServer.Answering($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n");
            var seen = await TryWithProxyAsync($"127.0.0.1:{proxy.Port}");
            return seen.Replace($"127.0.0.1:{proxy.Port}", "PROXY", StringComparison.Ordinal);
        });

    private static async Task<string> TryWithProxyAsync(string proxy)
    {
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy($"http://user:{ProxyPassword}@{proxy}");
        try
        {
            return await TryAsync("https://vendor.invalid");
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    private static async Task<string> TryHangingAsync()
    {
        var time = new TestTime(TimeProvider.System.GetUtcNow()) { TimersFireAtOnce = true };
        await using var server = BadServer.Hanging(() => time.Advance(VendorHttp.AttemptTimeout));
        var connection = Connect($"http://127.0.0.1:{server.Port}", pin: null);
        var failure = await SignInAsync(connection, time);
        return Said(failure).Replace($"127.0.0.1:{server.Port}", "SERVER", StringComparison.Ordinal);
    }

    /// <summary>The problem that both a sign-in and a check state, with its type.</summary>
    private static async Task<string> TryAsync(string server, string? pin = null)
    {
        // The waits between the attempts are not waited for.
        var time = new TestTime(TimeProvider.System.GetUtcNow()) { TimersFireAtOnce = true };
        var connection = Connect(server, pin);
        var failure = await SignInAsync(connection, time);
        using var http = new VendorHttp(new VendorClocks(new HostClock(time)), new SeededRandom(1), time);
        var check = new ServerCheck(new ServerProbe(time), new ServerCertificateCheck(time), http, new HostClock(time));

        var findings = await check.Steps([connection]).Single().Step.RunAsync(TestContext.Current.CancellationToken);

        var finding = findings.Single(one => one.Type.Level == FindingLevel.Error);
        Assert.Equal(failure.Problem, finding.Sentence);
        Assert.Equal(failure.Remedy ?? finding.Remedy, finding.Remedy);
        return Said(failure)
            .Replace(Day(-1), "DAY-1", StringComparison.Ordinal)
            .Replace(Day(3), "DAY+3", StringComparison.Ordinal);
    }

    private static async Task<TokenFailure> SignInAsync(Connection connection, TestTime time)
    {
        using var http = new VendorHttp(new VendorClocks(new HostClock(time)), new SeededRandom(1), time);
        using var request = new TokenRequest
        {
            Address = connection.TokenEndpoint!.AbsoluteUri,
            GrantType = "password",
        };
        return await Bench.FailureAsync(() =>
            new TokenEndpoint(http, time).RequestAsync(
                request,
                connection,
                spends: false,
                TestContext.Current.CancellationToken
            )
        );
    }

    private static Connection Connect(string server, string? pin) =>
        VendorBench.Read(
            VendorProfiles.Veeam,
            ("BaseUrl", server),
            ("Username", "svc"),
            ("ServerCertificateSha256", pin ?? "")
        );

    private static string Said(TokenFailure failure) =>
        failure.Kind == FailureKind.ServerNotTrusted
            ? $"server-not-trusted: {failure.Problem}"
            : $"vendor-unavailable: {failure.Problem}";

    private static string WithoutSha(string text)
    {
        var start = text.IndexOf("SHA-256 ", StringComparison.Ordinal);
        return start < 0 ? text : $"{text[..(start + 8)]}SHA{text[(start + 25)..]}";
    }

    private static string Day(int days) =>
        TimeProvider.System.GetLocalNow().AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
