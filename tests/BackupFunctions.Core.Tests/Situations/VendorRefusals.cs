using System.Globalization;
using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Emulators;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>
/// What is a refusal, which holds the connection until its credentials change, and what a firewall or a gateway sends.
/// </summary>
internal static class VendorRefusals
{
    private const string Refused = "424 credentials-refused";
    private const string Unavailable = "503 vendor-unavailable, Retry-After 30";

    /// <summary>It may be a refusal: at most three of these are met in an hour.</summary>
    private const string Doubtful = "503 vendor-unavailable, Retry-After 1200";

    private const string Page = "<html><body>Request blocked. Support ID: 1234567890.</body></html>";
    private const string Forbidden = """{"message":"Forbidden"}""";
    private const string Problem = """{"type":"about:blank","title":"Unauthorized","status":401}""";

    private static readonly string[] Vendors = ["acronis", "acronis-cyberapp", "avepoint", "backupnet", "veeam"];

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        .. Vendors.Select(vendor => Documented(vendor, "other credentials", NewCredentials)),
        .. Vendors.Select(vendor =>
            Documented(vendor, "a disabled client", world => world.Vendor.ClientDisabled = true)
        ),
        new(
            "KickDevDocs#148",
            "one 403 page of a web application firewall, then a healthy server",
            $"{Unavailable}; 200, refusals 0",
            () => UntilHealthyAsync("acronis", Fault.Status(403, Page, "text/html"), times: 1)
        ),
        new(
            "KickDevDocs#148",
            "three 403 pages of a web application firewall, then a healthy server",
            $"{Unavailable}; 503 vendor-unavailable, Retry-After 60; 503 vendor-unavailable, Retry-After 120; 200, refusals 0",
            () => UntilHealthyAsync("veeam", Fault.Status(403, Page, "text/html"), times: 3)
        ),
        new(
            "sibling: an account is not locked by answers that nobody can read",
            "three 401 in plain text, then a healthy server",
            $"{Doubtful}; {Doubtful}; {Doubtful}; 200, refusals 0",
            () => UntilHealthyAsync("veeam", Fault.Status(401, "Unauthorized", "text/plain"), times: 3)
        ),
        new(
            "sibling: an account is not locked by answers that nobody can read",
            "401 in plain text to a one-time code",
            $"{Doubtful}, token calls 2",
            async () =>
            {
                await using var world = new World("veeam");
                world.Vendor.Faults.Add(Endpoints.Token, Fault.Header("X-Request-Id", "1"), times: 1);
                world.Vendor.Faults.Add(Endpoints.Token, Fault.Status(401, "Unauthorized", "text/plain"));
                var answer = Seen.Of(await world.GetTokenAsync());
                return $"{answer}, token calls {world.Vendor.Counters[Endpoints.Token]}";
            }
        ),
        Reply("sibling of KickDevDocs#148", "a 401 page", Unavailable, 401, Page, "text/html"),
        Reply("sibling of KickDevDocs#148", "a 400 page", Unavailable, 400, Page, "text/html"),
        Reply(
            "sibling of KickDevDocs#148",
            "a 404 page",
            "503 vendor-reply-unusable, Retry-After 30",
            404,
            Page,
            "text/html"
        ),
        Reply("sibling of KickDevDocs#148", "a 503 page", Unavailable, 503, Page, "text/html"),
        Reply(
            "sibling: a wrong label",
            "a 403 page labelled application/json",
            Unavailable,
            403,
            Page,
            "application/json"
        ),
        Reply(
            "sibling: a wrong label",
            "an OAuth error labelled text/html",
            Refused,
            401,
            """{"error":"invalid_client"}""",
            "text/html"
        ),
        Reply(
            "sibling: a byte order mark",
            "an OAuth error after a byte order mark",
            Refused,
            400,
            "\uFEFF{\"error\":\"invalid_client\"}",
            "application/json"
        ),
        Reply("RFC 9457", "a problem", Refused, 401, Problem, "application/problem+json"),
        Reply("sibling of RFC 9457", "a problem labelled application/json", Refused, 400, Problem, "application/json"),
        Reply(
            "sibling of RFC 9457",
            "a problem with members of its own alone",
            Refused,
            403,
            """{"code":17}""",
            "application/problem+json"
        ),
        Reply(
            "Azure AD Graph, Google and Acronis APIs",
            "an error that is an object",
            Refused,
            401,
            """{"error":{"code":401,"message":"no"}}""",
            "application/json"
        ),
        Reply("Amazon API Gateway", "403 with message Forbidden", Unavailable, 403, Forbidden, "application/json"),
        Reply(
            "Azure API Management",
            "401 with statusCode and message",
            Doubtful,
            401,
            """{"statusCode":401,"message":"Access denied"}""",
            "application/json"
        ),
        Reply("Envoy", "403 in plain text", Unavailable, 403, "RBAC: access denied", "text/plain"),
        Reply(
            "Amazon S3 and CloudFront",
            "403 in XML",
            Unavailable,
            403,
            "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
            "application/xml"
        ),
        Reply(
            "sibling: a reply cut short",
            "401 with half an OAuth error",
            Doubtful,
            401,
            "{\"error\":\"invalid_cl",
            "application/json"
        ),
        Reply("RFC 9110 section 15.5.2", "401 without a body", Refused, 401, null, null),
        Reply("ASP.NET Core", "400 without a body", Refused, 400, null, null),
        Reply(
            "sibling: white space is nothing",
            "401 with a line break for a body",
            Refused,
            401,
            "\r\n",
            "text/plain"
        ),
        Reply("sibling: a firewall without a page", "403 without a body", Unavailable, 403, null, null),
    ];

    /// <summary>The emulators refuse as the vendors' documents say.</summary>
    private static Situation Documented(string vendor, string what, Action<World> input) =>
        new($"the documents of {vendor}", $"refusal: {vendor} has {what}", $"{Refused}, refusals 1", () =>
            Seen.WithRefusalsAsync(vendor, input)
        );

    private static void NewCredentials(World world) => Trouble.Begin(world, "credential: newer at the vendor");

    private static Situation Reply(
        string source,
        string input,
        string right,
        int status,
        string? body,
        string? contentType
    ) =>
        new(source, $"token endpoint: {input}", right, () =>
            Seen.ByCallerAsync("veeam", world =>
                world.Vendor.Faults.Add(Endpoints.Token, Fault.Status(status, body, contentType))
            )
        );

    /// <summary>The caller does as it was told until there is a token.</summary>
    private static async Task<string> UntilHealthyAsync(string vendor, Fault fault, int times)
    {
        await using var world = new World(vendor);
        world.Vendor.Faults.Add(Endpoints.Token, fault, times);
        var seen = "";
        for (var call = 0; call < times; call++)
        {
            var answer = await world.GetTokenAsync();
            seen += $"{Seen.Of(answer)}; ";
            if (!int.TryParse(answer.Headers.RetryAfter, CultureInfo.InvariantCulture, out var wait))
                return seen;
            world.Pass(TimeSpan.FromSeconds(wait));
        }

        var last = Seen.Of(await world.GetTokenAsync());
        return $"{seen}{last}, refusals {world.Vendor.Counters.RefusedSignIns}";
    }
}
