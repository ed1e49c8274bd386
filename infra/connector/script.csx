// Code of the connector, for its action "Call the vendor's API". OpenAPI gives an operation one method, and a connector
// encodes each slash in a path parameter; so the action sends a POST with the call in its body to a route that the app
// does not have, and this code turns it into the call: /api/Call/{vendor}/{connection}/{path}, with its own method.
//
// Power Platform compiles it against .NET Standard 2.0, and runs it for the actions in scriptOperations.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

public class Script : ScriptBase
{
    private const string NoText = "[\\x00-\\x1F\\x7F]";

    private static readonly string[] Methods = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" };

    /// <summary>What the connection or the way of sending decides.</summary>
    private static readonly string[] Reserved =
    {
        "Authorization",
        "Connection",
        "Content-Length",
        "Expect",
        "Host",
        "Transfer-Encoding",
        "Upgrade",
    };

    public override async Task<HttpResponseMessage> ExecuteAsync()
    {
        var request = Context.Request;
        var text = request.Content == null ? "" : await request.Content.ReadAsStringAsync().ConfigureAwait(false);
        try
        {
            var call = Read(text);
            var target = Target(request.RequestUri, call);
            var method = Text(call, "method") ?? "GET";
            if (!Methods.Contains(method))
                throw new FormatException("Method is one of " + string.Join(", ", Methods) + ".");
            var content = Content(call);
            foreach (var header in Pairs(call, "headers", "Headers"))
                Add(request, content, header);
            request.Method = new HttpMethod(method);
            request.RequestUri = target;
            request.Content = content;
        }
        catch (FormatException e)
        {
            return Problem(e.Message);
        }

        return await Context.SendAsync(request, CancellationToken).ConfigureAwait(false);
    }

    /// <summary>The action's parameters. What looks like a date stays as it is written.</summary>
    private static JObject Read(string text)
    {
        try
        {
            using (var reader = new JsonTextReader(new StringReader(text)))
            {
                reader.DateParseHandling = DateParseHandling.None;
                reader.FloatParseHandling = FloatParseHandling.Decimal;
                return JObject.Load(reader);
            }
        }
        catch (JsonException)
        {
            throw new FormatException("The action sends no JSON object.");
        }
    }

    /// <summary>
    /// The address of the call. It is at the app's Call route of this vendor and connection whatever the path says, or
    /// it is refused; also if the platform's Uri would send another text than this one.
    /// </summary>
    private static Uri Target(Uri action, JObject call)
    {
        var route = Regex.Match(
            action.AbsolutePath,
            "^/api/CallApi/(?<vendor>[A-Za-z0-9-]+)/(?<connection>[A-Za-z0-9]{1,40})$"
        );
        if (!route.Success)
            throw new FormatException("Vendor and Connection are names, of letters and digits.");
        var text =
            action.GetLeftPart(UriPartial.Authority)
            + "/api/Call/"
            + route.Groups["vendor"].Value
            + "/"
            + route.Groups["connection"].Value
            + Path(Text(call, "path") ?? "")
            + Query(Pairs(call, "query", "Query"));
        Uri target;
        if (!Uri.TryCreate(text, UriKind.Absolute, out target) || target.AbsoluteUri != text)
            throw new FormatException("Path cannot be sent as it is written. Encode what does not belong in a path.");
        return target;
    }

    /// <summary>The vendor's path, from its first slash on, with what is left to encode encoded.</summary>
    private static string Path(string path)
    {
        if (path.IndexOfAny(new[] { '?', '#' }) >= 0)
            throw new FormatException("Path has a question mark or a number sign. Put the query into Query.");
        var segments = (path.StartsWith("/", StringComparison.Ordinal) ? path.Substring(1) : path).Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var isEnd = i == segments.Length - 1;
            if (segments[i].Length == 0 ? !isEnd : IsElsewhere(segments[i]))
                throw new FormatException(
                    "Path is a path at the vendor, for example /v1/customers: no address, no empty or dot segment, no "
                        + "backslash and no encoded slash."
                );
        }

        return "/"
            + string.Join(
                "/",
                segments.Select(segment =>
                    Regex.Replace(segment, "[^A-Za-z0-9._~!$&'()*+,;=:@%-]+", part => Uri.EscapeDataString(part.Value))
                )
            );
    }

    /// <summary>Whether a segment leads to another place, however often it is encoded.</summary>
    private static bool IsElsewhere(string segment)
    {
        for (var decoded = segment; ; segment = decoded)
        {
            if (segment == "." || segment == ".." || segment.IndexOfAny(new[] { '/', '\\' }) >= 0)
                return true;
            if (Regex.IsMatch(segment, NoText))
                return true;
            decoded = Uri.UnescapeDataString(segment);
            if (decoded == segment)
                return false;
        }
    }

    private static string Query(IEnumerable<KeyValuePair<string, string>> query)
    {
        var pairs = query
            .Select(pair => Uri.EscapeDataString(pair.Key) + "=" + Uri.EscapeDataString(pair.Value))
            .ToList();
        return pairs.Count == 0 ? "" : "?" + string.Join("&", pairs);
    }

    /// <summary>The body: text as it is, anything else as JSON.</summary>
    private static HttpContent Content(JObject call)
    {
        var text = Text(call, "body");
        return text == null ? null : new StringContent(text, Encoding.UTF8, "application/json");
    }

    private static void Add(HttpRequestMessage request, HttpContent content, KeyValuePair<string, string> header)
    {
        var isName = Regex.IsMatch(header.Key, "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$");
        if (!isName || Regex.IsMatch(header.Value, NoText))
            throw new FormatException("Headers has a name or a value that no header can have.");
        if (Reserved.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            throw new FormatException("Headers cannot set " + header.Key + ": the connection does.");
        var isContents = header.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);
        var headers = isContents ? content?.Headers : (HttpHeaders)request.Headers;
        headers?.Remove(header.Key);
        headers?.TryAddWithoutValidation(header.Key, header.Value);
    }

    private static IEnumerable<KeyValuePair<string, string>> Pairs(JObject call, string name, string title)
    {
        var given = call[name];
        if (given == null || given.Type == JTokenType.Null)
            return Enumerable.Empty<KeyValuePair<string, string>>();
        var members = given as JObject;
        if (members == null)
            throw new FormatException(title + " is an object of names and values.");
        return members
            .Properties()
            .Select(member => new KeyValuePair<string, string>(member.Name, Text(members, member.Name) ?? ""))
            .ToList();
    }

    private static string Text(JObject parent, string name)
    {
        var value = parent[name];
        if (value == null || value.Type == JTokenType.Null)
            return null;
        return value.Type == JTokenType.String ? (string)value : value.ToString(Formatting.None);
    }

    /// <summary>In the form of the app's own problems, for flows that show their words.</summary>
    private static HttpResponseMessage Problem(string detail)
    {
        var problem = new JObject
        {
            ["type"] = "urn:backupfunctions:problem:invalid-parameter",
            ["title"] = "Invalid parameter",
            ["status"] = 400,
            ["detail"] = detail,
        };
        return new HttpResponseMessage(HttpStatusCode.BadRequest)
        {
            Content = CreateJsonContent(problem.ToString(Formatting.None)),
        };
    }
}
