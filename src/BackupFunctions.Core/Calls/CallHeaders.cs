using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Calls;

/// <summary>Which headers pass, and how a reply says who answered.</summary>
internal static class CallHeaders
{
    /// <summary>Says who answered: <see cref="Vendor"/> or <see cref="App"/>.</summary>
    public const string AnsweredBy = "X-Answered-By";

    /// <summary>The vendor answered.</summary>
    public const string Vendor = "vendor";

    /// <summary>This app answered, with a problem.</summary>
    public const string App = "backupfunctions";

    /// <summary>
    /// Of the caller and of the platforms in between, or for this app: keys, identities, addresses, traces, and what
    /// would make one method or path mean another.
    /// </summary>
    private static readonly HashSet<string> NotForVendor = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization",
        "Baggage",
        "CDN-Loop",
        "Client-IP",
        "Connection",
        "Cookie",
        "Correlation-Context",
        "DISGUISED-HOST",
        "Expect",
        "Forwarded",
        "Host",
        "HTTP2-Settings",
        "Keep-Alive",
        "Max-Forwards",
        "Origin",
        "Referer",
        "Request-Context",
        "Request-Id",
        "TE",
        "TraceParent",
        "TraceState",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Via",
        "WAS-DEFAULT-HOSTNAME",
        "X-Content-Length",
        "X-Correlation-Context",
        "X-Method-Override",
        "X-Real-IP",
        "X-Site-Deployment-Id",
        "X-Zumo-Auth",
    };

    private static readonly string[] NotForVendorPrefixes =
    [
        "Proxy-",
        "Sec-",
        "X-AppService-",
        "X-ARR-",
        "X-Azure-",
        "X-Client-",
        "X-FD-",
        "X-Forwarded-",
        "X-Functions-",
        "X-HTTP-",
        "X-MS-",
        "X-Original-",
        "X-Override-",
        "X-Rewrite-",
        "X-WAWS-",
    ];

    /// <summary>Would set cookies or policies for this app's own origin, or belong to one connection.</summary>
    private static readonly HashSet<string> NotForCaller = new(StringComparer.OrdinalIgnoreCase)
    {
        "Alt-Svc",
        "Clear-Site-Data",
        "Connection",
        "Content-Security-Policy",
        "Keep-Alive",
        "NEL",
        "Report-To",
        "Reporting-Endpoints",
        "Set-Cookie",
        "Set-Cookie2",
        "SourceMap",
        "Strict-Transport-Security",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        AnsweredBy,
    };

    private static readonly string[] NotForCallerPrefixes = ["Access-Control-", "Proxy-"];

    /// <summary>Removes what is not for the vendor, also what the caller's <c>Connection</c> header names.</summary>
    public static void Clean(HttpRequestMessage request, HttpRequest from)
    {
        var ofConnection = from
            .Headers.Connection.SelectMany(value => (value ?? "").Split(','))
            .Select(name => name.Trim());
        var unwanted = ofConnection.ToHashSet(StringComparer.OrdinalIgnoreCase);
        Remove(request.Headers, name => unwanted.Contains(name) || IsOneOf(name, NotForVendor, NotForVendorPrefixes));
        if (request.Content is { } content)
        {
            Remove(content.Headers, name => unwanted.Contains(name));
        }
    }

    /// <summary>Removes what is not for the caller.</summary>
    public static void Clean(IHeaderDictionary reply)
    {
        foreach (var name in reply.Keys.Where(name => IsOneOf(name, NotForCaller, NotForCallerPrefixes)).ToList())
        {
            reply.Remove(name);
        }
    }

    private static void Remove(HttpHeaders headers, Func<string, bool> isUnwanted)
    {
        foreach (var name in headers.NonValidated.Select(header => header.Key).Where(isUnwanted).ToList())
        {
            headers.Remove(name);
        }
    }

    private static bool IsOneOf(string name, HashSet<string> names, string[] prefixes) =>
        names.Contains(name) || prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
