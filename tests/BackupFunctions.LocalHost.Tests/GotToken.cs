using System.Text.Json;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>The reply of GetToken.</summary>
internal sealed class GotToken(HttpResponseMessage response, JsonElement body)
{
    public int Status { get; } = (int)response.StatusCode;

    public string? CacheControl { get; } = response.Headers.CacheControl?.ToString();

    public string? ContentType { get; } = response.Content.Headers.ContentType?.MediaType;

    public TimeSpan? RetryAfter { get; } = response.Headers.RetryAfter?.Delta;

    public JsonElement Body { get; } = body;

    public string AccessToken => Text("access_token")!;

    public string Fingerprint => Text("fingerprint")!;

    public int ExpiresIn => Body.GetProperty("expires_in").GetInt32();

    /// <summary>The problem's type without its common prefix.</summary>
    public string? Problem => Text("type")?.Split(':')[^1];

    public string? Text(string name) => Body.TryGetProperty(name, out var value) ? value.GetString() : null;
}
