using System.Text.RegularExpressions;
using Azure;
using Azure.Identity;
using BackupFunctions.AzureSdk;
using BackupFunctions.Json;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>Turns a vault's errors into typed failures. A response body is never shown.</summary>
internal static partial class VaultErrors
{
    /// <summary>Key Vault's own code for a token that was issued by another tenant than the vault's.</summary>
    private const string ForeignTenant = "AKV10032";

    /// <summary>Whether an exception comes from the vault, its transport or the sign-in at it.</summary>
    public static bool IsVaultError(Exception exception) =>
        exception
            is RequestFailedException
                or AuthenticationFailedException
                or OperationCanceledException
                or IOException
                or HttpRequestException;

    /// <summary>The same for several tries of one request, which may have failed for different reasons.</summary>
    public static bool IsOfVault(Exception exception) =>
        exception is AggregateException all ? all.InnerExceptions.All(IsOfVault) : IsVaultError(exception);

    /// <summary>Whether there is no such secret, or only a disabled one.</summary>
    public static bool IsAbsent(RequestFailedException exception) => exception.Status == 404 || IsDisabled(exception);

    /// <summary>Whether the requested version is disabled: Key Vault answers 403 with an inner code.</summary>
    public static bool IsDisabled(RequestFailedException exception) =>
        exception.Status == 403 && InnerCode(exception) == "SecretDisabled";

    /// <summary>Whether the vault refuses the network that the request came from, whoever sent it.</summary>
    public static bool IsFirewall(RequestFailedException exception) =>
        exception.Status == 403 && InnerCode(exception) is ("ForbiddenByFirewall" or "ForbiddenByConnection");

    /// <summary>Whether the name is taken by a deleted secret.</summary>
    public static bool IsDeleted(RequestFailedException exception) => exception.Status == 409;

    /// <summary>The typed failure for an exception.</summary>
    public static TokenException Read(Exception exception, Uri vault) =>
        exception switch
        {
            RequestFailedException failed => ReadResponse(failed, vault),
            AuthenticationFailedException failed => ReadSignIn(failed, vault),
            AggregateException { InnerExceptions: [.., { } last] } => Read(last, vault),
            OperationCanceledException or IOException or HttpRequestException => ReadNetwork(exception, vault),
            _ => Unavailable(vault, "sent a reply that Key Vault would not send", exception),
        };

    private static TokenException ReadResponse(RequestFailedException exception, Uri vault) =>
        exception.Status switch
        {
            401 when Code(exception) == ForeignTenant => Failed(
                FailureKind.VaultAccessDenied,
                $"The vault {vault.Host} answered 401 ({ForeignTenant}): it belongs to another Entra ID tenant than "
                    + "this host's identity.",
                "Use a vault of the identity's own tenant, or give this host an identity of the vault's tenant: "
                    + "AZURE_CLIENT_ID and AZURE_TENANT_ID say which one is used.",
                exception
            ),
            401 => Failed(
                FailureKind.VaultAccessDenied,
                $"The vault {vault.Host} answered 401{InBrackets(Code(exception))}: it does not accept this host's "
                    + "identity.",
                "Check the identity that AZURE_CLIENT_ID and AZURE_TENANT_ID name, and the vault's address.",
                exception
            ),
            403 when IsFirewall(exception) => Failed(
                FailureKind.VaultAccessDenied,
                $"The vault {vault.Host} answered 403: its firewall does not let this host's network in.",
                "Allow this host's network in the vault's firewall, or reach the vault by a private endpoint.",
                exception
            ),
            403 => Denied(vault, "answered 403", exception),
            429 => Unavailable(vault, "answered 429: too many requests", exception),
            >= 400 and < 500 and not 408 and not 409 => Rejected(vault, exception),
            > 0 => Unavailable(vault, $"answered {exception.Status}", exception),
            _ => ReadNetwork(exception, vault),
        };

    private static TokenException ReadNetwork(Exception exception, Uri vault)
    {
        if (TransportFailure.Chain(exception).Any(inner => inner is OperationCanceledException))
        {
            return Unavailable(vault, "did not answer in time", exception);
        }

        // An emulator is never asked through a proxy.
        var failure = NetworkFailure.Of(exception, vault, usesProxy: !vault.IsLoopback);

        // The platform's words about a proxy quote its address with user and password.
        return new TokenException(
            new TokenFailure(FailureKind.VaultUnavailable, $"The vault cannot be reached. {failure.Problem}")
            {
                Remedy = RemedyFor(failure.Cause),
            },
            failure.Cause == NetworkCause.Proxy ? null : exception
        );
    }

    private static string? RemedyFor(NetworkCause cause) =>
        cause switch
        {
            NetworkCause.NameUnknown => "Check the address in the settings and, if there is a private endpoint, the "
                + "network's DNS zone.",
            NetworkCause.Certificate => "Check the address in the settings, and whether a proxy on the way replaces "
                + "certificates.",
            NetworkCause.NotConnected or NetworkCause.NoTls => "Check the address in the settings.",
            NetworkCause.Proxy => NetworkRemedy.ForProxy,
            _ => null,
        };

    private static TokenException ReadSignIn(AuthenticationFailedException exception, Uri vault)
    {
        if (exception is CredentialUnavailableException)
        {
            return Denied(vault, "was not called, because this host has no identity", exception);
        }

        return IsOutage(exception.InnerException)
            ? Unavailable(vault, "was not called, because Entra ID did not answer", exception)
            : Denied(vault, "was not called, because Entra ID refused this host's identity", exception);
    }

    /// <summary>
    /// Whether Entra ID did not answer. How deep the cause is nested depends on the kind of identity.
    /// </summary>
    private static bool IsOutage(Exception? exception) =>
        exception
            is RequestFailedException { Status: 0 or 408 or 429 or >= 500 }
                or HttpRequestException
                or IOException
                or OperationCanceledException
        || (exception is not null && IsOutage(exception.InnerException));

    /// <summary>Neither waiting nor a role would help.</summary>
    private static TokenException Rejected(Uri vault, RequestFailedException exception) =>
        Failed(
            FailureKind.VaultAccessDenied,
            $"The vault {vault.Host} answered {exception.Status} and rejected the request itself.",
            "Check the vault's address in the settings, and that "
                + "the value to save is within the vault's limit of 25 KB.",
            exception
        );

    private static TokenException Denied(Uri vault, string what, Exception exception) =>
        Failed(
            FailureKind.VaultAccessDenied,
            $"The vault {vault.Host} {what}.",
            "Give this host's identity the role Key Vault Secrets Officer on it, or Key "
                + "Vault Secrets User where it only reads, and check the vault's firewall.",
            exception
        );

    private static TokenException Unavailable(Uri vault, string what, Exception exception) =>
        Failed(FailureKind.VaultUnavailable, $"The vault {vault.Host} {what}.", remedy: null, exception);

    private static TokenException Failed(FailureKind kind, string problem, string? remedy, Exception exception)
    {
        var status = (exception as RequestFailedException)?.Status;
        var response = (exception as RequestFailedException)?.GetRawResponse();
        var failure = new TokenFailure(kind, problem)
        {
            Remedy = remedy,
            HttpStatus = status > 0 ? status : null,
            RetryAfter =
                kind == FailureKind.VaultUnavailable
                && response is not null
                && RetryAfterHeader.Of(response) is { Ticks: > 0 } wait
                    ? wait
                    : null,
        };
        return new TokenException(failure, exception);
    }

    private static string? InnerCode(RequestFailedException exception) =>
        exception.GetRawResponse()?.Content is { } content
            ? LenientJson.Parse(content.ToMemory()).Member("error").Member("innererror").Text("code")
            : null;

    private static string InBrackets(string? code) => code is null ? "" : $" ({code})";

    /// <summary>Key Vault's own code, which it writes into its message.</summary>
    private static string? Code(RequestFailedException exception) =>
        exception.GetRawResponse()?.Content is { } content
        && LenientJson.Parse(content.ToMemory()).Member("error").Text("message") is { } message
        && CodePattern().Match(message) is { Success: true } match
            ? match.Value
            : null;

    [GeneratedRegex("AKV[0-9]{5}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodePattern();
}
