using System.Text.RegularExpressions;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Check;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>Finds out by trying what a vault allows.</summary>
internal sealed partial class VaultProbe(SecretClient vault, TimeProvider time) : IVaultProbe
{
    public Uri Address => vault.VaultUri;

    public Task<VaultProbeResult> GetAsync(string secret, CancellationToken cancellationToken) =>
        TryAsync(
            async () => (await vault.GetSecretAsync(secret, cancellationToken: cancellationToken)).GetRawResponse(),
            cancellationToken
        );

    public Task<VaultProbeResult> ListAsync(CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
            {
                await using var pages = vault
                    .GetPropertiesOfSecretsAsync(cancellationToken)
                    .AsPages()
                    .GetAsyncEnumerator(cancellationToken);
                return await pages.MoveNextAsync() ? pages.Current.GetRawResponse() : null;
            },
            cancellationToken
        );

    public Task<VaultProbeResult> SaveAsync(string secret, CancellationToken cancellationToken)
    {
        var probe = new KeyVaultSecret(secret, "probe")
        {
            Properties =
            {
                Enabled = false,
                ContentType = "text/plain",
                Tags = { ["purpose"] = "BackupFunctions check: may be deleted" },
            },
        };
        return TryAsync(
            async () => (await vault.SetSecretAsync(probe, cancellationToken)).GetRawResponse(),
            cancellationToken
        );
    }

    private async Task<VaultProbeResult> TryAsync(Func<Task<Response?>> send, CancellationToken cancellationToken)
    {
        var sent = time.GetTimestamp();
        Response? response;
        try
        {
            response = await VaultCall.RunAsync(
                vault,
                send,
                exception => VaultErrors.IsAbsent(exception) || VaultErrors.IsDeleted(exception),
                cancellationToken
            );
        }
        catch (RequestFailedException exception)
        {
            // A caller without the permission is not told whether the secret exists.
            response = exception.GetRawResponse();
        }
        catch (TokenException exception)
        {
            return OfFailure(exception, sent);
        }

        return new VaultProbeResult(VaultAccess.Allowed) { ClockDifference = Clock(response, sent) };
    }

    private VaultProbeResult OfFailure(TokenException exception, long sent)
    {
        var failure = exception.Failure;
        var answer = exception.InnerException as RequestFailedException;
        return new VaultProbeResult(AccessOf(failure.Kind, answer), failure.Problem)
        {
            ClockDifference = Clock(answer?.GetRawResponse(), sent),
            Caller =
                answer is not null
                && Guid.TryParse(CallerPattern().Match(answer.Message).Groups["id"].Value, out var caller)
                    ? caller
                    : null,
        };
    }

    private static VaultAccess AccessOf(FailureKind kind, RequestFailedException? answer) =>
        answer switch
        {
            _ when kind != FailureKind.VaultAccessDenied => VaultAccess.Unreachable,
            null or { Status: 401 } => VaultAccess.NoIdentity,
            _ when VaultErrors.IsFirewall(answer) => VaultAccess.Firewall,
            { Status: 403 } => VaultAccess.Denied,
            _ => VaultAccess.Unreachable,
        };

    private TimeSpan? Clock(Response? response, long sent) =>
        ServerClock.Difference(response?.Headers.Date, time.GetElapsedTime(sent), time.GetUtcNow());

    /// <summary>
    /// Key Vault names the identity it refused: <c>Caller: appid=…;oid=…;iss=…</c>. The rest is ignored.
    /// </summary>
    [GeneratedRegex("oid=(?<id>[0-9a-fA-F-]{36})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CallerPattern();
}
