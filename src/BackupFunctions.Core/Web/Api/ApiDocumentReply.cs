using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web.Api;

/// <summary>The OpenAPI document, which the build puts into each host.</summary>
public sealed class ApiDocumentReply : IResult
{
    /// <summary>The name of the resource in the host's assembly.</summary>
    public const string ResourceName = "openapi.json";

    private readonly byte[] _document;

    /// <summary>Reads the document.</summary>
    /// <param name="host">The host's assembly.</param>
    /// <exception cref="InvalidOperationException">It was built without one.</exception>
    public ApiDocumentReply(Assembly host)
    {
        using var resource = host.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException(
                $"{host.GetName().Name} was built without {ResourceName}: its project file imports src/OpenApi.targets."
            );
        _document = new byte[resource.Length];
        resource.ReadExactly(_document);
    }

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
