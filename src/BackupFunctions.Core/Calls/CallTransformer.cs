using BackupFunctions.Connections;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace BackupFunctions.Calls;

/// <summary>
/// Turns a caller's request into one to the vendor, and the vendor's reply into one to the caller. What is not named
/// here passes unchanged.
/// </summary>
/// <param name="connection">The connection that is called.</param>
/// <param name="target">The URL that is called.</param>
/// <param name="authorization">The header with the token or key, and its value.</param>
/// <param name="isForVendorAgain">Whether a reply with this status is dropped, because the call is repeated.</param>
internal sealed class CallTransformer(
    Connection connection,
    CallTarget target,
    (string Name, string Value) authorization,
    Func<int, bool> isForVendorAgain
) : HttpTransformer
{
    /// <summary>Browsers must not run what a vendor sends: this origin has the status page with its key.</summary>
    private const string NoScripts = "sandbox";

    /// <summary>The reply's status; null before there is one.</summary>
    public int? Status { get; private set; }

    /// <summary>Whether the reply was dropped.</summary>
    public bool IsDropped { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext,
        HttpRequestMessage proxyRequest,
        string destinationPrefix,
        CancellationToken cancellationToken
    )
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        CallHeaders.Clean(proxyRequest, httpContext.Request);
        proxyRequest.RequestUri = target.Url;
        foreach (var (name, value) in connection.Headers)
        {
            Set(proxyRequest, name, value);
        }

        Set(proxyRequest, authorization.Name, authorization.Value);
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext,
        HttpResponseMessage? proxyResponse,
        CancellationToken cancellationToken
    )
    {
        if (proxyResponse is null)
        {
            return await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        }

        Status = (int)proxyResponse.StatusCode;

        // Nobody asked for another protocol, and what follows a 1xx is no reply.
        IsDropped = Status < 200 || isForVendorAgain(Status.Value);
        if (IsDropped)
        {
            return false;
        }

        await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        var headers = httpContext.Response.Headers;
        CallHeaders.Clean(headers);
        headers[CallHeaders.AnsweredBy] = CallHeaders.Vendor;
        headers.ContentSecurityPolicy = NoScripts;
        headers.XContentTypeOptions = "nosniff";
        if (Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
        {
            // It has no body, whatever length it states.
            headers.ContentLength = null;
        }

        if (proxyResponse.Headers.NonValidated.TryGetValues("Location", out var locations))
        {
            headers.Location = target.Rewrite(locations.ToString());
        }

        return true;
    }

    private static void Set(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }
}
