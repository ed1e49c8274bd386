using System.Text.Json;
using Azure;
using Azure.Identity;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>Reads what went wrong at a vault; a vault's body is never shown.</summary>
internal static class VaultErrors
{
    /// <summary>Whether this is an exception of the vault, its transport or its sign-in, or of the client that reads an answer which is none of a vault.</summary>
    public static bool IsVaultError(Exception exception) =>
        exception
            is RequestFailedException
                or AuthenticationFailedException
                or AggregateException
                or OperationCanceledException
                or IOException
                or JsonException
                or InvalidOperationException
                or KeyNotFoundException
                or FormatException
                or ArgumentException;

    /// <summary>Whether the version that was asked for is disabled: Key Vault answers 403 with an inner code.</summary>
    public static bool IsDisabled(RequestFailedException exception) =>
        exception.Status == 403 && InnerCode(exception) == "SecretDisabled";

    /// <summary>Whether the vault refuses the address or network that it was asked from, whoever asks.</summary>
    public static bool IsFirewall(RequestFailedException exception) =>
        exception.Status == 403 && InnerCode(exception) is ("ForbiddenByFirewall" or "ForbiddenByConnection");

    /// <summary>Whether the name is taken by a deleted secret.</summary>
    public static bool IsDeleted(RequestFailedException exception) => exception.Status == 409;

    /// <summary>The typed failure for an exception.</summary>
    public static TokenException Read(Exception exception, Uri vault) =>
        exception switch
        {
            RequestFailedException { Status: 401 or 403 } refused => Denied(
                vault,
                $"answered {refused.Status}",
                refused
            ),
            RequestFailedException { Status: 429 } throttled => Unavailable(
                vault,
                "answered 429: too many requests",
                throttled
            ),
            RequestFailedException { Status: >= 400 and < 500 and not 408 and not 409 } other => Refused(vault, other),
            RequestFailedException { Status: > 0 } failed => Unavailable(vault, $"answered {failed.Status}", failed),
            RequestFailedException unreachable => Unavailable(vault, "could not be reached", unreachable),
            CredentialUnavailableException nobody => Denied(
                vault,
                "was not asked, because this host has no identity",
                nobody
            ),
            AuthenticationFailedException down when IsOutage(down.InnerException) => Unavailable(
                vault,
                "was not asked, because Entra ID did not answer",
                down
            ),
            AuthenticationFailedException refused => Denied(
                vault,
                "was not asked, because Entra ID refused this host's identity",
                refused
            ),
            AggregateException { InnerExceptions: [.., { } last] } => Read(last, vault),
            OperationCanceledException => Unavailable(vault, "did not answer in time", exception),
            IOException => Unavailable(vault, "broke off", exception),
            _ => Unavailable(vault, "gave an answer that is none of a vault", exception),
        };

    /// <summary>Whether a sign-in at Entra ID failed for want of an answer; what lies in between differs from one kind of identity to the other.</summary>
    private static bool IsOutage(Exception? exception) =>
        exception
            is RequestFailedException { Status: 0 or 408 or 429 or >= 500 }
                or HttpRequestException
                or IOException
                or OperationCanceledException
        || (exception is not null && IsOutage(exception.InnerException));

    /// <summary>Nothing that waiting or a role would mend.</summary>
    private static TokenException Refused(Uri vault, RequestFailedException exception) =>
        new(
            new TokenFailure(
                FailureKind.VaultAccessDenied,
                $"The vault {vault.Host} answered {exception.Status} and refused the request itself. Check that what is to be saved is within the vault's limits (25 KB a value), and the vault's address in the settings."
            )
            {
                HttpStatus = exception.Status,
            },
            exception
        );

    private static TokenException Denied(Uri vault, string what, Exception exception) =>
        new(
            new TokenFailure(
                FailureKind.VaultAccessDenied,
                $"The vault {vault.Host} {what}. Give this host's identity the role Key Vault Secrets Officer on it, or User where it only reads, and check the vault's firewall."
            )
            {
                HttpStatus = (exception as RequestFailedException)?.Status,
            },
            exception
        );

    private static TokenException Unavailable(Uri vault, string what, Exception exception) =>
        new(
            new TokenFailure(FailureKind.VaultUnavailable, $"The vault {vault.Host} {what}.")
            {
                HttpStatus = (exception as RequestFailedException)?.Status is > 0 and var status ? status : null,
            },
            exception
        );

    private static string? InnerCode(RequestFailedException exception)
    {
        if (exception.GetRawResponse()?.Content is not { } content)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.GetProperty("error").GetProperty("innererror").GetProperty("code").GetString();
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
