using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;

namespace BackupFunctions.Core.Tests.KeyVault;

/// <summary>A vault behind the real client's transport: just what these tests need of the REST API, and answers to break it with.</summary>
internal sealed class StubVault : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly List<(string Call, JsonNode? Body)> _calls = [];
    private readonly ConcurrentDictionary<string, List<JsonObject>> _versions = new(StringComparer.OrdinalIgnoreCase);
    private List<string>? _names;
    private int _number;

    public StubVault(string name) => Uri = new Uri($"https://{name}.vault.azure.net");

    public Uri Uri { get; }

    /// <summary>Answers instead of the vault; null to let it answer itself.</summary>
    public Func<string, HttpResponseMessage?>? Instead { get; set; }

    /// <summary>Every call: method and path, without the API's version.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls.Select(call => call.Call)];
        }
    }

    /// <summary>The bodies of the writes.</summary>
    public IReadOnlyList<JsonNode> Written
    {
        get
        {
            lock (_gate)
                return
                [
                    .. _calls
                        .Where(call => call.Call.StartsWith("PUT", StringComparison.Ordinal))
                        .Select(call => call.Body!),
                ];
        }
    }

    public SecretClient Client(HttpPipelinePolicy? policy = null)
    {
        var options = new SecretClientOptions
        {
            Transport = new HttpClientTransport(new HttpClient(this, disposeHandler: false)),
            Retry = { MaxRetries = 0 },
            DisableChallengeResourceVerification = true,
        };
        if (policy is not null)
        {
            options.AddPolicy(policy, HttpPipelinePosition.PerCall);
        }

        return new SecretClient(Uri, new AnyCredential(), options);
    }

    public StubVault With(
        string name,
        string value,
        Action<JsonObject>? change = null,
        Action<JsonObject>? attributes = null
    )
    {
        var version = $"version{++_number:000}";
        var bundle = new JsonObject
        {
            ["value"] = value,
            ["id"] = $"{Uri}secrets/{name}/{version}",
            ["attributes"] = new JsonObject
            {
                ["enabled"] = true,
                ["created"] = 1_795_000_000 + _number,
                ["updated"] = 1_795_000_000,
            },
            ["tags"] = new JsonObject(),
        };
        attributes?.Invoke(bundle["attributes"]!.AsObject());
        change?.Invoke(bundle);
        _versions.GetOrAdd(name, _ => []).Add(bundle);
        _names = null;
        return this;
    }

    public JsonObject Newest(string name) => _versions[name][^1];

    public static HttpResponseMessage Error(int status, string code, string? inner = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = "In the words of the vault." };
        if (inner is not null)
            error["innererror"] = new JsonObject { ["code"] = inner };
        return Json(status, new JsonObject { ["error"] = error }.ToJsonString());
    }

    /// <summary>The answer to a call without a token.</summary>
    public static HttpResponseMessage Challenge()
    {
        var challenge = Error(401, "Unauthorized");
        challenge.Headers.TryAddWithoutValidation(
            "WWW-Authenticate",
            "Bearer authorization=\"https://login.windows.net/11111111-2222-3333-4444-555555555555\", resource=\"https://vault.azure.net\""
        );
        return challenge;
    }

    public static HttpResponseMessage Json(int status, string json) =>
        new((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (request.Headers.Authorization is null)
        {
            return Challenge();
        }

        var call = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        var body = request.Content is null
            ? null
            : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken));
        lock (_gate)
            _calls.Add((call, body));
        var parts = request.RequestUri.AbsolutePath.Trim('/').Split('/');
        return Instead?.Invoke(call)
            ?? (parts is ["secrets"] ? Page(request.RequestUri) : Answer(request.Method.Method, parts, body));
    }

    /// <summary>Takes a secret away.</summary>
    public void Without(string name)
    {
        _versions.TryRemove(name, out _);
        _names = null;
    }

    /// <summary>25 secrets without values or versions, and where the next are.</summary>
    private HttpResponseMessage Page(Uri uri)
    {
        var start = System.Web.HttpUtility.ParseQueryString(uri.Query)["skip"] is { } skip
            ? int.Parse(skip, System.Globalization.CultureInfo.InvariantCulture)
            : 0;
        var names = _names ??= [.. _versions.Keys.Order(StringComparer.Ordinal)];
        var items = names
            .Skip(start)
            .Take(25)
            .Select(name =>
            {
                var item = Newest(name).DeepClone().AsObject();
                item.Remove("value");
                item["id"] = $"{Uri}secrets/{name}";
                return (JsonNode?)item;
            });
        return Json(
            200,
            new JsonObject
            {
                ["value"] = new JsonArray([.. items]),
                ["nextLink"] = start + 25 < names.Count ? $"{Uri}secrets?api-version=7.6&skip={start + 25}" : null,
            }.ToJsonString()
        );
    }

    private HttpResponseMessage Answer(string method, string[] parts, JsonNode? body)
    {
        if (method == "PUT")
        {
            With(parts[1], (string)body!["value"]!, bundle =>
            {
                bundle["tags"] = body["tags"]?.DeepClone();
                bundle["contentType"] = body["contentType"]?.DeepClone();
                foreach (var (name, value) in body["attributes"]?.AsObject() ?? [])
                {
                    bundle["attributes"]![name] = value?.DeepClone();
                }
            });
            return Json(200, Newest(parts[1]).ToJsonString());
        }

        if (!_versions.TryGetValue(parts[1], out var versions))
        {
            return Error(404, "SecretNotFound");
        }

        if (method == "DELETE")
        {
            var deleted = versions[^1].DeepClone().AsObject();
            deleted.Remove("value");
            deleted["recoveryId"] = $"{Uri}deletedsecrets/{parts[1]}";
            Without(parts[1]);
            return Json(200, deleted.ToJsonString());
        }

        if (parts is [_, _, "versions"])
        {
            var list = versions.Select(version =>
            {
                var item = version.DeepClone().AsObject();
                item.Remove("value");
                return (JsonNode?)item;
            });
            return Json(200, new JsonObject { ["value"] = new JsonArray([.. list]) }.ToJsonString());
        }

        var found =
            parts.Length == 3
                ? versions.Single(version => ((string)version["id"]!).EndsWith(parts[2], StringComparison.Ordinal))
                : versions[^1];
        return found["attributes"]!["enabled"]!.GetValue<bool>()
            ? Json(200, found.ToJsonString())
            : Error(403, "Forbidden", "SecretDisabled");
    }

    internal sealed class AnyCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new("any", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext,
            CancellationToken cancellationToken
        ) => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
