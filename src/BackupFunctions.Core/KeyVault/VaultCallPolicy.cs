using System.Diagnostics;
using Azure.Core;
using Azure.Core.Pipeline;
using BackupFunctions.Diagnostics;
using BackupFunctions.Problems;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Measures each call of a vault, its retries included. The name of a secret is no attribute: there may be thousands.
/// </summary>
internal sealed class VaultCallPolicy(TimeProvider time) : HttpPipelinePolicy
{
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using var span = Begin(message);
        var since = time.GetTimestamp();
        try
        {
            ProcessNext(message, pipeline);
        }
        finally
        {
            End(message, span, since);
        }
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using var span = Begin(message);
        var since = time.GetTimestamp();
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        finally
        {
            End(message, span, since);
        }
    }

    private static Activity? Begin(HttpMessage message) =>
        Spans
            .Start(Spans.VaultCall, ActivityKind.Client)
            ?.SetTag("kind", KindOf(message.Request))
            .SetTag("server.address", message.Request.Uri.Host);

    private void End(HttpMessage message, Activity? span, long since)
    {
        var status = message.HasResponse ? message.Response.Status : (int?)null;
        var outcome = OutcomeOf(status);

        // That a secret is not there is an answer like another: a first renewal finds no token.
        span?.End(outcome == NotFound ? OutcomeName.Ok : outcome, status);
        Instruments.VaultCalls.Record(
            time.GetElapsedTime(since).TotalSeconds,
            new("kind", KindOf(message.Request)),
            new("outcome", outcome)
        );
    }

    private const string NotFound = "not-found";

    private static string OutcomeOf(int? status) =>
        status switch
        {
            >= 200 and < 300 => OutcomeName.Ok,
            401 or 403 => "denied",
            404 => NotFound,
            429 => "throttled",
            null => "unreachable",
            _ => "failed",
        };

    /// <summary>Whether a call reads one secret.</summary>
    public static bool IsRead(Request request) => KindOf(request) == Read;

    private const string Read = "read";

    private static string KindOf(Request request)
    {
        var path = request.Uri.Path.Trim('/');
        return request.Method.Method switch
        {
            "GET" when path is "secrets" or "deletedsecrets" || path.EndsWith("/versions", StringComparison.Ordinal) =>
                "list",
            "GET" => Read,
            "POST" => "recover",
            "DELETE" => "delete",
            _ => "write",
        };
    }
}
