using System.Text.Json;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Runs one call of the SDK, and nothing else: an unreadable reply makes the SDK throw the same exception types as a
/// fault of our own, so our code must stay outside.
/// </summary>
internal static class VaultCall
{
    /// <summary>Runs a call.</summary>
    /// <param name="vault">The vault it goes to.</param>
    /// <param name="call">The call of the SDK alone.</param>
    /// <param name="isExpected">The error responses that the caller handles; null for none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RequestFailedException">An expected error response.</exception>
    /// <exception cref="TokenException">Any other failure of the vault, its transport or the sign-in at it.</exception>
    public static async Task<T> RunAsync<T>(
        SecretClient vault,
        Func<Task<T>> call,
        Func<RequestFailedException, bool>? isExpected,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException exception) when (isExpected?.Invoke(exception) == true)
        {
            throw;
        }
        catch (AggregateException all) when (all.InnerExceptions is [.., TokenException prevented])
        {
            // The client gathers what its tries failed with; the last one was ours to prevent.
            throw new TokenException(prevented.Failure, all);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && IsOfSdk(exception))
        {
            throw VaultErrors.Read(exception, vault.VaultUri);
        }
    }

    private static bool IsOfSdk(Exception exception) =>
        exception is AggregateException all
            ? all.InnerExceptions.All(IsOfSdk)
            : VaultErrors.IsVaultError(exception) || IsUnreadableReply(exception);

    /// <summary>What the SDK throws when it parses a reply that is not Key Vault's.</summary>
    private static bool IsUnreadableReply(Exception exception) =>
        exception
            is JsonException
                or InvalidOperationException
                or KeyNotFoundException
                or FormatException
                or ArgumentException;
}
