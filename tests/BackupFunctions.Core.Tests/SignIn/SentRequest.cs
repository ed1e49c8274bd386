using Microsoft.AspNetCore.WebUtilities;

namespace BackupFunctions.Core.Tests.SignIn;

/// <summary>A request as it was sent.</summary>
internal sealed record SentRequest(
    HttpMethod Method,
    Uri Address,
    string? Authorization,
    string Body,
    string? ContentType,
    string Headers
)
{
    /// <summary>The form's fields.</summary>
    public IReadOnlyDictionary<string, string> Form =>
        QueryHelpers.ParseQuery(Body).ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.Ordinal);

    public static async Task<SentRequest> OfAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        new(
            request.Method,
            request.RequestUri!,
            request.Headers.Authorization?.ToString(),
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken),
            request.Content?.Headers.ContentType?.MediaType,
            request.Headers.ToString()
        );
}
