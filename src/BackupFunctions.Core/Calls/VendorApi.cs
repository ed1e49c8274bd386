using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace BackupFunctions.Calls;

/// <summary>
/// Calls a vendor's API for a caller who never sees the token. The reply streams from the vendor to the caller.
/// </summary>
public sealed class VendorApi
{
    private readonly IHttpForwarder _forwarder;
    private readonly ApiClients _clients;
    private readonly TokenBroker _broker;
    private readonly ConnectionStates _states;
    private readonly ICredentialSource _credentials;
    private readonly TimeProvider _time;

    internal VendorApi(
        IHttpForwarder forwarder,
        ApiClients clients,
        TokenBroker broker,
        ConnectionStates states,
        ICredentialSource credentials,
        TimeProvider time
    )
    {
        (_forwarder, _clients, _broker) = (forwarder, clients, broker);
        (_states, _credentials, _time) = (states, credentials, time);
    }

    /// <summary>
    /// How long nothing may happen: the load balancer of Azure Functions drops a request without an answer after 230 s.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(230);

    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = Patience };

    /// <summary>
    /// Forwards a request. If the vendor does not accept the token, the token is renewed and the request sent once
    /// more, unless its body is too long, or callers rejected too many tokens lately: then the vendor's answer stands.
    /// </summary>
    /// <param name="context">The request, and the reply that the vendor's goes to.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="target">What to call.</param>
    /// <returns>The status of the reply that was passed on.</returns>
    /// <exception cref="TokenException">
    /// There is no token, or the vendor did not answer; nothing was sent yet.
    /// </exception>
    internal async Task<int> CallAsync(HttpContext context, Connection connection, CallTarget target)
    {
        var body = ReplayableBody.Of(context.Request);
        if (connection.Vendor.Flow is StaticKeyFlow key)
        {
            var secret = await _credentials.FindAsync(connection.Credential, newest: false, context.RequestAborted);
            var once = new CallTransformer(connection, target, (key.Header, key.Prefix + secret!.Secret.Reveal()), _ =>
                false
            );
            return await ForwardAsync(context, connection, target, once);
        }

        var token = await _broker.GetAsync(
            connection,
            new TokenRequest { AskedBy = target.AskedBy },
            context.RequestAborted
        );
        var first = new CallTransformer(connection, target, Bearer(token), status =>
            connection.Vendor.RejectedStatuses.Contains(status)
            && body.CanReplay
            && _states.Of(connection).MayReject(token.Fingerprint, _time.GetUtcNow())
        );
        var status = await ForwardAsync(context, connection, target, first);
        if (!first.IsDropped)
        {
            return status;
        }

        // The forwarder has noted the status of the reply that was dropped.
        context.Response.StatusCode = StatusCodes.Status200OK;
        body.Rewind();
        var replaced = new TokenRequest { Rejected = token.Fingerprint, AskedBy = target.AskedBy };
        var newer = await _broker.GetAsync(connection, replaced, context.RequestAborted);
        return await ForwardAsync(
            context,
            connection,
            target,
            new CallTransformer(connection, target, Bearer(newer), _ => false)
        );
    }

    private static (string Name, string Value) Bearer(AccessToken token) =>
        (HeaderNames.Authorization, $"Bearer {token.Reveal()}");

    private async Task<int> ForwardAsync(
        HttpContext context,
        Connection connection,
        CallTarget target,
        CallTransformer transformer
    )
    {
        var client = _clients.Of(connection.PinOf(target.Url));
        var error = await _forwarder.SendAsync(
            context,
            target.Url.GetLeftPart(UriPartial.Authority),
            client,
            Config,
            transformer,
            context.RequestAborted
        );
        if (error != ForwarderError.None && !context.Response.HasStarted)
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            throw Unanswered(connection, target.Url, error, context.Features.Get<IForwarderErrorFeature>()?.Exception);
        }

        return transformer.Status switch
        {
            >= 200 and var status => status,
            _ => throw new TokenException(
                FailureKind.VendorReplyUnusable,
                $"{target.Url.Authority} answered {transformer.Status}, which is not a reply."
            ),
        };
    }

    private static TokenException Unanswered(Connection connection, Uri url, ForwarderError error, Exception? exception)
    {
        if (error == ForwarderError.RequestTimedOut || exception is null)
        {
            return new TokenException(
                FailureKind.VendorUnavailable,
                $"{url.Authority} did not answer within {Patience.TotalSeconds:0} s."
            );
        }

        var failure = NetworkFailure.Of(exception, url);
        var isDistrust = TransportFailure.IsDistrust(exception);
        return new TokenException(
            new TokenFailure(isDistrust ? FailureKind.ServerNotTrusted : FailureKind.VendorUnavailable, failure.Problem)
            {
                Remedy = NetworkRemedy.For(failure, new SignInServer(connection)),
            }
        );
    }
}
