using System.Net.Http.Headers;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;
using Microsoft.AspNetCore.WebUtilities;

namespace BackupFunctions.SignIn.Transport;

/// <summary>
/// The innermost part of the pipeline, once per attempt: signs a fresh client assertion (a repeated <c>jti</c> would be
/// refused), notes when the attempt was sent and what the vendor's clock shows, and cuts the body, so that the
/// attempt's time limit covers reading it.
/// </summary>
internal sealed class AttemptHandler(HttpMessageHandler inner, VendorClocks clocks, TimeProvider time)
    : DelegatingHandler(inner)
{
    /// <summary>Bodies are cut here: a token reply has a few KiB.</summary>
    public const int LargestBody = 256 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.Options.TryGetValue(RequestTrace.Key, out var exchange);
        exchange ??= new RequestTrace();
        if (exchange.Attempts++ == 0)
        {
            exchange.Begun = time.GetTimestamp();
        }
        else
        {
            await SignAnewAsync(request, cancellationToken);
        }

        var sent = time.GetTimestamp();
        if (exchange.EnsureMaySend is { } ensureMaySend && request.Content is { } content and not GuardedContent)
        {
            request.Content = new GuardedContent(content, ensureMaySend);
        }

        exchange.SentAt = time.GetUtcNow();
        var response = await base.SendAsync(request, cancellationToken);
        var date = ReplyDate.Of(response, exchange.SentAt);
        if (date is { } shown)
        {
            var mayBeCopy = request.Method == HttpMethod.Get;
            clocks.Observe(request.RequestUri!, shown, sent, mayBeCopy, exchange.IsClockInDoubt);
        }

        // The reply may have put our clock right; of two instants the earlier one lets no token live too long.
        var sentAt = time.GetUtcNow() - time.GetElapsedTime(sent);
        exchange.SentAt = sentAt < exchange.SentAt ? sentAt : exchange.SentAt;
        exchange.VendorTime = date ?? clocks.Now(request.RequestUri!);
        var labels = response.Content.Headers;
        await BoundedBody.CutAsync(response, LargestBody, cancellationToken);
        Label(response.Content.Headers, labels);
        return response;
    }

    /// <summary>Labels the bytes as the vendor did, but without a charset: JSON is UTF-8.</summary>
    private static void Label(HttpContentHeaders cut, HttpContentHeaders labels)
    {
        cut.ContentType = labels.ContentType?.MediaType is { } type ? new MediaTypeHeaderValue(type) : null;
        foreach (var encoding in labels.ContentEncoding)
        {
            cut.ContentEncoding.Add(encoding);
        }
    }

    private static async Task SignAnewAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (
            !request.Options.TryGetValue(ProtocolRequestOptions.ClientAssertionFactory, out var factory)
            || factory is null
            || request.Content is null
        )
        {
            return;
        }

        var form = QueryHelpers
            .ParseQuery(await request.Content.ReadAsStringAsync(cancellationToken))
            .ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        form[OidcConstants.TokenRequest.ClientAssertion] = (await factory()).Value;
        request.Content = new FormUrlEncodedContent(form);
    }
}
