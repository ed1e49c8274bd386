using System.Collections.Concurrent;
using System.Net.Http.Headers;
using BackupFunctions.Connections;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;
using Duende.IdentityModel.Client;

namespace BackupFunctions.SignIn;

/// <summary>
/// Finds token endpoints by OpenID Connect Discovery 1.0 (RFC 8414): the issuer and the endpoints must be those of the
/// authority. The key set is not loaded: token requests do not need it, and a broken one must not fail a sign-in.
/// </summary>
internal sealed class DiscoveryDocuments(VendorHttp http, TimeProvider time)
{
    /// <summary>An address appears in messages and logs, and a stranger writes this one.</summary>
    private const int LongestAddress = 2_000;

    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Uri, Known> _known = new();

    /// <summary>A connection's token endpoint. The last known one is used while the server does not respond.</summary>
    /// <param name="connection">The connection; if its profile states the endpoint's path, no document is read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="newest">Whether to ask now, whatever is cached: the reply also shows the server's time.</param>
    /// <exception cref="TokenException">There is no document, or not this server's.</exception>
    public async ValueTask<Uri> TokenEndpointAsync(
        Connection connection,
        CancellationToken cancellationToken,
        bool newest = false
    ) => connection.TokenEndpoint ?? (await FindAsync(connection.Server, newest, cancellationToken)).Token;

    /// <summary>
    /// Where a connection's tokens are revoked (RFC 7009); null if there is no document, or it names no such endpoint
    /// (RFC 8414 section 2).
    /// </summary>
    /// <exception cref="TokenException">The document cannot be read, or is not this server's.</exception>
    public async ValueTask<Uri?> RevocationEndpointAsync(Connection connection, CancellationToken cancellationToken) =>
        connection.TokenEndpoint is null
            ? (await FindAsync(connection.Server, newest: false, cancellationToken)).Revocation
            : null;

    private async ValueTask<Endpoints> FindAsync(Uri authority, bool newest, CancellationToken cancellationToken)
    {
        var known = _known.GetValueOrDefault(authority);
        if (known is not null && !newest && time.GetUtcNow() - known.ReadAt < FreshFor)
        {
            return known.Endpoints;
        }

        try
        {
            var endpoints = await ReadAsync(authority, cancellationToken);
            _known[authority] = new Known(endpoints, time.GetUtcNow());
            return endpoints;
        }
        catch (TokenException exception) when (known is not null && !exception.Failure.NeedsOperator)
        {
            return known.Endpoints;
        }
    }

    private async Task<Endpoints> ReadAsync(Uri authority, CancellationToken cancellationToken)
    {
        var address = DiscoveryEndpoint.ParseUrl(authority.AbsoluteUri);
        var policy = new DiscoveryPolicy
        {
            Authority = address.Authority,
            RequireKeySet = false,
            LoopbackAddresses = { "::1" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, address.Url);
        request.Headers.Accept.ParseAdd("application/json");

        // A copy would show neither the endpoints nor the time of now.
        request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        request.Options.Set(RequestTrace.Key, new RequestTrace());
        HttpResponseMessage reply;
        try
        {
            reply = await http.Client().SendAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw TokenEndpoint.Unanswered(address.Url, exception);
        }

        using (reply)
        {
            return await ReadAsync(reply, policy, address.Url);
        }
    }

    private async Task<Endpoints> ReadAsync(HttpResponseMessage reply, DiscoveryPolicy policy, string address)
    {
        if (!reply.IsSuccessStatusCode)
        {
            var refusal = TokenErrorReader.Read(reply, json: null, address, time.GetUtcNow());
            throw new TokenException(
                refusal.NeedsOperator
                    ? refusal with
                    {
                        Kind = FailureKind.VendorReplyUnusable,
                        Problem = $"{address} returned {refusal.HttpStatus}, which is not a discovery document.",
                        Remedy = "Check the address in the settings.",
                    }
                    : refusal
            );
        }

        // Only a document can name a wrong server: the page of a server under maintenance must not look like one.
        var json = LenientJson.Parse(await reply.Content.ReadAsByteArrayAsync());
        if (
            json.Text("issuer") is null
            || !Uri.TryCreate(json.Text("token_endpoint"), UriKind.Absolute, out var endpoint)
        )
        {
            throw NoDocument(address);
        }

        DiscoveryDocumentResponse document;
        try
        {
            document = await ProtocolResponse.FromHttpResponseAsync<DiscoveryDocumentResponse>(reply, policy);
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or ArgumentException or FormatException)
        {
            throw NoDocument(address, exception);
        }

        return document.ErrorType switch
        {
            ResponseErrorType.None when endpoint.AbsoluteUri.Length <= LongestAddress => new Endpoints(
                endpoint,
                RevocationEndpointOf(document)
            ),
            ResponseErrorType.PolicyViolation => throw new TokenException(
                FailureKind.ServerNotTrusted,
                $"The discovery document {address} names another issuer, "
                    + $"or endpoints at another server, than {policy.Authority}."
            ),
            _ => throw NoDocument(address, document.Exception),
        };
    }

    private static Uri? RevocationEndpointOf(DiscoveryDocumentResponse document) =>
        Uri.TryCreate(document.RevocationEndpoint, UriKind.Absolute, out var endpoint)
        && endpoint.AbsoluteUri.Length <= LongestAddress
            ? endpoint
            : null;

    private static TokenException NoDocument(string address, Exception? exception = null) =>
        new(
            new TokenFailure(
                FailureKind.VendorReplyUnusable,
                $"{address} is not a discovery document with an issuer and a token endpoint."
            )
            {
                HttpStatus = 200,
            },
            exception
        );

    private sealed record Endpoints(Uri Token, Uri? Revocation);

    private sealed record Known(Endpoints Endpoints, DateTimeOffset ReadAt);
}
