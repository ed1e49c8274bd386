using System.Text.RegularExpressions;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Check;
using BackupFunctions.Check.Servers;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>Learns by trying what a vault allows.</summary>
internal sealed partial class VaultProbe(SecretClient vault, TimeProvider time) : IVaultAccess
{
    public Uri Address => vault.VaultUri;

    public async Task<VaultTrial> TryAsync(VaultRight right, string secret, CancellationToken cancellationToken)
    {
        var askedAt = time.GetUtcNow();
        Response? response;
        try
        {
            response = await VaultCall.RunAsync(
                vault,
                () => SendAsync(right, secret, cancellationToken),
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
            return OfFailure(exception, askedAt);
        }

        return new VaultTrial(VaultVerdict.Allowed) { Clock = Clock(response, askedAt) };
    }

    private async Task<Response?> SendAsync(VaultRight right, string secret, CancellationToken cancellationToken)
    {
        switch (right)
        {
            case VaultRight.Get:
                return (await vault.GetSecretAsync(secret, cancellationToken: cancellationToken)).GetRawResponse();
            case VaultRight.List:
                await using (
                    var pages = vault
                        .GetPropertiesOfSecretsAsync(cancellationToken)
                        .AsPages()
                        .GetAsyncEnumerator(cancellationToken)
                )
                {
                    return await pages.MoveNextAsync() ? pages.Current.GetRawResponse() : null;
                }

            default:
                var probe = new KeyVaultSecret(secret, "probe")
                {
                    Properties =
                    {
                        Enabled = false,
                        ContentType = "text/plain",
                        Tags = { ["purpose"] = "BackupFunctions check: may be deleted" },
                    },
                };
                return (await vault.SetSecretAsync(probe, cancellationToken)).GetRawResponse();
        }
    }

    private VaultTrial OfFailure(TokenException exception, DateTimeOffset askedAt)
    {
        var failure = exception.Failure;
        var answer = exception.InnerException as RequestFailedException;
        var verdict =
            failure.Kind != FailureKind.VaultAccessDenied ? VaultVerdict.Unreachable
            : answer is null or { Status: 401 } ? VaultVerdict.NoIdentity
            : VaultErrors.IsFirewall(answer) ? VaultVerdict.Firewall
            : answer.Status == 403 ? VaultVerdict.Denied
            : VaultVerdict.Unreachable;
        return new VaultTrial(verdict, Finding.Part(failure.Detail).Sentence)
        {
            Clock = Clock(answer?.GetRawResponse(), askedAt),
            Caller =
                answer is not null
                && Guid.TryParse(CallerPattern().Match(answer.Message).Groups["id"].Value, out var caller)
                    ? caller
                    : null,
        };
    }

    private ClockReading? Clock(Response? response, DateTimeOffset askedAt) =>
        ClockReading.Of(response?.Headers.Date, askedAt, time.GetUtcNow());

    /// <summary>Key Vault names the identity that it refused: <c>Caller: appid=…;oid=…;iss=…</c>. Nothing else of its words is used.</summary>
    [GeneratedRegex("oid=(?<id>[0-9a-fA-F-]{36})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CallerPattern();
}
