using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web.Api;

/// <summary>
/// The OpenAPI document, <c>openapi.json</c> next to this file. It is generated from the routes of LocalHost by a test.
/// </summary>
public sealed class ApiDocumentReply : IResult
{
    /// <summary>The name of the document as a resource of this assembly.</summary>
    public const string ResourceName = "BackupFunctions.openapi.json";

    private readonly byte[] _document;

    private ApiDocumentReply()
    {
        using var resource = typeof(ApiDocumentReply).Assembly.GetManifestResourceStream(
            "BackupFunctions.openapi.json"
        )!;
        _document = new byte[resource.Length];
        resource.ReadExactly(_document);
    }

    /// <summary>The document, read on first use.</summary>
    public static ApiDocumentReply Instance { get; } = new();

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json";
        response.ContentLength = _document.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        await response.Body.WriteAsync(_document, httpContext.RequestAborted);
    }
}
