using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using BackupFunctions.Connections;
using BackupFunctions.Json;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;
using Duende.IdentityModel.Client;

namespace BackupFunctions.SignIn;

/// <summary>
/// Finds token endpoints by OpenID Connect Discovery 1.0 (RFC 8414): the issuer must be the authority, and the
/// endpoints that are used must be at its server. What else the document names is not judged.
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
    ) => connection.TokenEndpoint ?? (await FindAsync(connection, newest, cancellationToken)).Token;

    /// <summary>
    /// Where a connection's tokens are revoked (RFC 7009); null if there is no document, or it names no such endpoint
    /// (RFC 8414 section 2).
    /// </summary>
    /// <exception cref="TokenException">The document cannot be read, or is not this server's.</exception>
    public async ValueTask<Uri?> RevocationEndpointAsync(Connection connection, CancellationToken cancellationToken)
    {
        if (
            connection.TokenEndpoint is not null
            || (await FindAsync(connection, newest: false, cancellationToken)).Revocation is not { } endpoint
        )
        {
            return null;
        }

        EnsureAtServer(endpoint, "revocation endpoint", connection.Server);
        return endpoint;
    }

    private async ValueTask<Endpoints> FindAsync(
        Connection connection,
        bool newest,
        CancellationToken cancellationToken
    )
    {
        var authority = connection.Server;
        var known = _known.GetValueOrDefault(authority);
        if (known is not null && !newest && (time.GetUtcNow() - known.ReadAt).Duration() < FreshFor)
        {
            return known.Endpoints;
        }

        try
        {
            var endpoints = await ReadAsync(connection, newest, cancellationToken);
            _known[authority] = new Known(endpoints, time.GetUtcNow());
            return endpoints;
        }
        catch (TokenException exception) when (known is not null && !exception.Failure.NeedsOperator)
        {
            return known.Endpoints;
        }
    }

    private async Task<Endpoints> ReadAsync(
        Connection connection,
        bool isClockInDoubt,
        CancellationToken cancellationToken
    )
    {
        var (address, authority) = AddressOf(connection.Server);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/json");

        // A copy would show neither the endpoints nor the time of now.
        request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        request.Options.Set(RequestTrace.Key, new RequestTrace { IsClockInDoubt = isClockInDoubt });
        HttpResponseMessage reply;
        try
        {
            reply = await http.Client().SendAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw TokenEndpoint.Unanswered(new Uri(address), connection, exception);
        }

        using (reply)
        {
            var body = await ReplyBody.OfAsync(reply);
            return reply.IsSuccessStatusCode
                ? ReadDocument(body, address, authority)
                : throw new TokenException(ReadFailure(reply, body, address));
        }
    }

    /// <summary>The document's address and the issuer that it must name; the setting has either.</summary>
    private static (string Address, Uri Authority) AddressOf(Uri server)
    {
        var address = DiscoveryEndpoint.ParseUrl(server.AbsoluteUri);
        return (address.Url, new Uri(address.Authority));
    }

    private TokenFailure ReadFailure(HttpResponseMessage reply, ReplyBody body, string address)
    {
        var failure = TokenErrorReader.Read(reply, body, address, time.GetUtcNow());
        var answer = TokenErrorReader.Answer(address, (int)reply.StatusCode, failure.OAuthError, body);
        return failure.NeedsOperator
            ? failure with
            {
                Kind = FailureKind.VendorReplyUnusable,
                Problem = $"{answer}, which is not a discovery document.",
                Remedy = TokenErrorReader.CheckAddress,
            }
            : failure;
    }

    private static Endpoints ReadDocument(ReplyBody body, string address, Uri authority)
    {
        // Only a document can name a wrong server: the page of a server under maintenance must not look like one.
        if (
            body.Json.Text("issuer") is not { } issuer
            || EndpointOf(body.Json, "token_endpoint") is not { } tokenEndpoint
        )
        {
            throw NoDocument(body, address);
        }

        // OpenID Connect Discovery section 4.3.
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var named) || Bare(named) != Bare(authority))
        {
            throw new TokenException(
                FailureKind.ServerNotTrusted,
                $"The discovery document {address} names another issuer than {Bare(authority)}."
            );
        }

        EnsureAtServer(tokenEndpoint, "token endpoint", authority);
        return new Endpoints(tokenEndpoint, EndpointOf(body.Json, "revocation_endpoint"));
    }

    private static Uri? EndpointOf(JsonElement? document, string name) =>
        Uri.TryCreate(document.Text(name), UriKind.Absolute, out var endpoint)
        && endpoint.AbsoluteUri.Length <= LongestAddress
            ? endpoint
            : null;

    /// <summary>Credentials go to the server that the settings name, whatever a document says.</summary>
    private static void EnsureAtServer(Uri endpoint, string name, Uri server)
    {
        var origin = server.GetLeftPart(UriPartial.Authority);
        if (endpoint.GetLeftPart(UriPartial.Authority) != origin)
        {
            throw new TokenException(
                FailureKind.ServerNotTrusted,
                $"The discovery document of {origin} names a {name} that does not begin with {origin}/."
            );
        }
    }

    private static string Bare(Uri address) => address.AbsoluteUri.TrimEnd('/');

    private static TokenException NoDocument(ReplyBody body, string address)
    {
        var what = body.Kind == BodyKind.Json ? "" : $": it is {body.Words}";
        const string What = "is not a discovery document with an issuer and a token endpoint";
        return new TokenException(
            new TokenFailure(FailureKind.VendorReplyUnusable, $"{address} {What}{what}.")
            {
                Remedy = body.Remedy ?? TokenErrorReader.CheckAddress,
                HttpStatus = 200,
            }
        );
    }

    private sealed record Endpoints(Uri Token, Uri? Revocation);

    private sealed record Known(Endpoints Endpoints, DateTimeOffset ReadAt);
}
