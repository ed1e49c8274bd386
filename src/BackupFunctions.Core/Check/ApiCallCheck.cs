using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Net.Http.Headers;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>
/// Makes the harmless call that the profile names, with a new token, or the static key, and the headers that the vendor
/// asks for: a vendor may issue tokens that its API does not accept.
/// </summary>
internal sealed class ApiCallCheck(VendorHttp http, ICredentialSource credentials, TimeProvider time)
{
    /// <summary>Shorter than a step, so that a slow API hides nothing of what the step found before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Calls the API with a token; finds nothing where no call or no URL of the API is known.</summary>
    public Task<IReadOnlyList<Finding>> TryTokenAsync(
        Connection target,
        AccessToken token,
        CancellationToken cancellationToken
    ) => FindAsync(target, (HeaderNames.Authorization, $"Bearer {token.Reveal()}"), cancellationToken);

    /// <summary>The same with a static key.</summary>
    /// <exception cref="TokenException">The key is missing, or the vault is unavailable.</exception>
    public async Task<IReadOnlyList<Finding>> TryKeyAsync(
        Connection target,
        StaticKeyFlow flow,
        CancellationToken cancellationToken
    )
    {
        var key = await credentials.FindAsync(target.Credential, newest: false, cancellationToken);
        return await FindAsync(target, (flow.Header, flow.Prefix + key!.Secret.Reveal()), cancellationToken);
    }

    private async Task<IReadOnlyList<Finding>> FindAsync(
        Connection target,
        (string Header, string Value) authorization,
        CancellationToken cancellationToken
    )
    {
        if (target is not { Vendor.HarmlessCall: { } call, BaseUrl: { } api })
        {
            return [];
        }

        using var request = Request(target, call, api, authorization);
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var what = $"{call.Method} {request.RequestUri!.GetLeftPart(UriPartial.Path)}";
        try
        {
            using var reply = await http.Client(target.PinOf(api)).SendAsync(request, either.Token);
            return [Of(target, what, (int)reply.StatusCode)];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [Failed(target, $"{what} was not answered within {Patience.TotalSeconds:0} s.")];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return [Failed(target, NetworkFailure.Of(exception, request.RequestUri).Problem)];
        }
    }

    private static HttpRequestMessage Request(
        Connection target,
        ApiCall call,
        Uri api,
        (string Header, string Value) authorization
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Parse(call.Method), target.At(api, call.Path));
        if (call.Json is { } json)
        {
            request.Content = new StringContent(json, mediaType: new("application/json"));
        }

        foreach (var (name, value) in target.Headers)
        {
            request.Headers.Add(name, value);
        }

        request.Headers.TryAddWithoutValidation(authorization.Header, authorization.Value);

        // Not to be repeated: the finding is about one call.
        request.Options.Set(RequestTrace.Key, new RequestTrace { Spends = true });
        return request;
    }

    private static Finding Of(Connection target, string what, int status)
    {
        if (status is >= 200 and < 300)
        {
            return new Finding(
                ApiCallGood,
                target.Key.ToString(),
                $"The API accepts the {Presented(target)}: {what} answered {status}."
            );
        }

        return target.Vendor.RejectedStatuses.Contains(status)
            ? new Finding(
                ApiCallRefused,
                target.Key.ToString(),
                $"The API does not accept the {Presented(target)}: {what} answered {status}.",
                "Check the rights of the account or client at the vendor, and the URL of the API."
            )
            : Failed(target, $"{what} answered {status}.");
    }

    private static string Presented(Connection target) => target.Vendor.IssuesTokens ? "token" : "key";

    private static Finding Failed(Connection target, string problem) =>
        new(
            ApiCallFailed,
            target.Key.ToString(),
            $"The {Presented(target)} could not be tried: {problem}",
            "Check the URL of the API, and the rights of the account or client at the vendor."
        );
}
