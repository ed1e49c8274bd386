using BackupFunctions.Calls;
using BackupFunctions.Connections;
using BackupFunctions.Diagnostics;
using BackupFunctions.Problems;
using BackupFunctions.Tokens;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BackupFunctions.Web.Calls;

/// <summary>Call, for both hosts: the vendor's API, for callers who never see the token.</summary>
public sealed class CallHandlers(
    RequestAdmission admission,
    AuditTrail audit,
    ConnectionRequests requests,
    VendorApi api,
    CallRuleBook rules,
    TimeProvider time
)
{
    /// <summary>Calls the vendor's API and passes its reply on; a problem if the vendor did not reply.</summary>
    /// <param name="request">The request, with its caller.</param>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    public async Task<IResult> CallAsync(
        HttpRequest request,
        string vendor,
        string connection,
        CancellationToken cancellationToken
    )
    {
        var context = request.HttpContext;
        var vendorAttribute = requests.VendorAttribute(vendor);
        using var span = Spans.Start(Spans.Call);
        span?.SetTag("vendor", vendorAttribute).SetTag("connection", SafeName.Of(connection));
        var call = new Call(context, time.GetTimestamp());
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        var result = await admission.AdmitAsync(
            request,
            Permission.Call(SafeName.Of(vendor), SafeName.Of(connection), isRead),
            parameters: null,
            caller =>
            {
                call.Caller = caller;
                return requests.AnswerAsync(
                    vendor,
                    connection,
                    found => CallAsync(call, found, vendor, connection),
                    cancellationToken,
                    isForToken: false
                );
            }
        );
        End(call, result, vendorAttribute);
        span?.End(call.Status is null ? Reply.OutcomeOf(result) : OutcomeName.Ok, call.Status);
        return call.Status is null ? new AnsweredByApp(result) : Results.Empty;
    }

    private async Task<IResult> CallAsync(Call call, Connection connection, string vendor, string name)
    {
        call.Connection = connection.Key;
        var request = call.Context.Request;
        var rawTarget = call.Context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = CallPath.Read(rawTarget, vendor, name, out var problem);
        if (path is null)
        {
            return Reply.OfInvalidParameter(connection, problem!);
        }

        call.Path = path.Path;
        if (request.Headers.ContainsKey("Upgrade"))
        {
            return Reply.OfInvalidParameter(connection, "A call cannot be upgraded to another protocol.");
        }

        if (rules.Of.TryGetValue(connection.Key, out var own) && !own.Allow(request.Method, path.Path))
        {
            return own.Problem is { } wrong
                ? throw new TokenException(FailureKind.Misconfigured, wrong)
                : Forbidden(connection, request.Method);
        }

        if (connection.BaseUrl is not { } url)
        {
            throw new TokenException(
                FailureKind.Misconfigured,
                $"The URL of {connection.Vendor.DisplayName}'s API is not set.",
                $"Set Connections:{connection.Vendor.SettingsName}:{connection.Key.Connection}:"
                    + $"{connection.Vendor.Api!.Name}."
            );
        }

        call.CountBytes();
        var target = new CallTarget(connection, url, path) { AskedBy = call.Caller?.ShortName };
        call.Status = await api.CallAsync(call.Context, connection, target);
        return Results.Empty;
    }

    private static Reply Forbidden(Connection connection, string method) =>
        Reply.OfProblem(
            ProblemType.CallNotAllowed,
            $"Calls:{connection.Vendor.SettingsName}:{connection.Key.Connection}:Allow has no rule for {method} and "
                + "this path.",
            connection.Vendor.Name,
            connection.Key.Connection
        );

    private void End(Call call, IResult result, string vendor)
    {
        var took = time.GetElapsedTime(call.StartedAt);
        var outcome = call.Status is { } status ? $"{status / 100}xx" : Reply.OutcomeOf(result);
        KeyValuePair<string, object?>[] tags = [new("vendor", vendor), new("outcome", outcome)];
        Instruments.Calls.Record(took.TotalSeconds, tags);
        Instruments.CallBytes.Add(call.Bytes, tags);
        if (call is { Caller: { } caller, Connection: { } key })
        {
            audit.Called(
                caller,
                key,
                call.Context.Request.Method,
                call.Path ?? "",
                new CallResult(outcome, call.Status, call.Bytes, took)
            );
        }
    }

    /// <summary>What is known of one call.</summary>
    private sealed class Call(HttpContext context, long startedAt)
    {
        public HttpContext Context { get; } = context;

        public long StartedAt { get; } = startedAt;

        public Caller? Caller { get; set; }

        public ConnectionKey? Connection { get; set; }

        public string? Path { get; set; }

        public int? Status { get; set; }

        public long Bytes => (Context.Response.Body as CountingStream)?.Written ?? 0;

        public void CountBytes() => Context.Response.Body = new CountingStream(Context.Response.Body);
    }

    /// <summary>A problem of this app, which says that it is not the vendor's.</summary>
    private sealed class AnsweredByApp(IResult result) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers[CallHeaders.AnsweredBy] = CallHeaders.App;
            return result.ExecuteAsync(httpContext);
        }
    }
}
