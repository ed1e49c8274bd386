using System.Text.Json;
using BackupFunctions.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace BackupFunctions.Web.Histories;

/// <summary>
/// A status report with what happened to each connection. It is written one connection after the other: of thousands,
/// all at once would take tens of megabytes.
/// </summary>
internal sealed class HistoryReply(StatusReport report) : IResult
{
    /// <summary>How much is written before it is sent, in bytes.</summary>
    private const int Chunk = 32 * 1024;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.Vary = HeaderNames.Accept;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await WriteAsync(response, httpContext.RequestAborted);
        }
    }

    private async Task WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        // The members in the order of StatusBody.
        var head = StatusReply.HeadOf(report);
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        long sent = 0;
        json.WriteStartObject();
        json.WriteString("generated_at", head.GeneratedAt);
        json.WriteStartArray("connections");
        foreach (var make in StatusReply.ConnectionsOf(report, status => HistoryBodies.Of(status, report.GeneratedAt)))
        {
            JsonSerializer.Serialize(json, make(), StatusJson.Default.ConnectionStatusBody);
            if (json.BytesCommitted + json.BytesPending - sent >= Chunk)
            {
                await SendAsync();
                sent = json.BytesCommitted;
            }
        }

        json.WriteEndArray();
        json.WritePropertyName("unreadable");
        JsonSerializer.Serialize(json, head.Unreadable, StatusJson.Default.IReadOnlyListUnreadableBody);
        json.WritePropertyName("clock_ahead_seconds");
        JsonSerializer.Serialize(json, head.ClockAheadSeconds, StatusJson.Default.NullableInt64);
        json.WritePropertyName("history");
        JsonSerializer.Serialize(json, HistoryBodies.KeyOf(report), StatusJson.Default.HistoryKeyBody);
        json.WriteEndObject();
        await SendAsync();

        async Task SendAsync()
        {
            await json.FlushAsync(cancellationToken);
            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }
}
