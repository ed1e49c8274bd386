using BackupFunctions.Credentials;
using BackupFunctions.Settings;
using BackupFunctions.Settings.Alerting;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Options;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>
/// Checks what operators are told by: the secrets of the alert webhook, and the server that telemetry goes to.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="credentials">The vault.</param>
/// <param name="probe">Asks servers.</param>
/// <param name="telemetry">Where telemetry goes; null if nowhere.</param>
internal sealed class OutletCheck(
    IOptions<BackupFunctionsOptions> options,
    ICredentialSource credentials,
    ServerProbe probe,
    TelemetryEndpoint? telemetry = null
)
{
    private const string Webhook = "alert webhook";

    /// <summary>A step for each outlet that is set.</summary>
    public IEnumerable<CheckStep> Steps()
    {
        if (options.Value.Alerts is { } alerts)
        {
            yield return new CheckStep(
                CheckGroup.Settings,
                new Finding(
                    AlertWebhookUnread,
                    Webhook,
                    "The vault did not return the secrets of the alert webhook in time.",
                    "Check again; a slow vault shows under Vaults."
                ),
                async cancellation => [await LookAsync(alerts, cancellation)]
            );
        }

        if (telemetry is not null)
        {
            var server = telemetry.Address;
            yield return new CheckStep(
                CheckGroup.Servers,
                Unreached(server, $"{server.Authority}, where telemetry goes, did not answer in time."),
                async cancellation => [await AskAsync(server, cancellation)]
            );
        }
    }

    private async Task<Finding> LookAsync(AlertOptions alerts, CancellationToken cancellationToken)
    {
        try
        {
            var target = await WebhookTarget.FindAsync(alerts, credentials, newest: true, cancellationToken);
            return target.Problem is { } problem
                ? new Finding(
                    AlertWebhookUnusable,
                    Webhook,
                    $"The alert webhook {problem}.",
                    "Save a new version of the secret; the next alert reads it."
                )
                : new Finding(
                    AlertWebhookKnown,
                    Webhook,
                    "The address of the alert webhook is known. POST /api/Alerts/Test sends a message to it."
                );
        }
        catch (TokenException exception) when (exception.Failure.Kind == FailureKind.CredentialMissing)
        {
            return new Finding(
                AlertWebhookUnusable,
                Webhook,
                exception.Failure.Problem,
                "Save it in the vault; the next alert reads it."
            );
        }
        catch (TokenException exception)
        {
            return new Finding(
                AlertWebhookUnread,
                Webhook,
                $"The secrets of the alert webhook could not be read: {exception.Failure.Problem}",
                exception.Failure.Remedy ?? "Check again; if it persists, see under Vaults."
            );
        }
    }

    /// <summary>Any answer will do: a collector has nothing at its root.</summary>
    private async Task<Finding> AskAsync(Uri server, CancellationToken cancellationToken)
    {
        var answer = await probe.AskAsync(server, pin: null, cancellationToken);
        return answer.Failure is { } failure
            ? Unreached(server, failure.Problem)
            : new Finding(TelemetryReached, server.Authority, "The server that telemetry goes to answers.");
    }

    private static Finding Unreached(Uri server, string problem) =>
        new(
            TelemetryUnreached,
            server.Authority,
            problem,
            "Without it there are no logs and no alerts of Azure Monitor. "
                + "Check the connection string, DNS and the network."
        );
}

/// <summary>Where telemetry goes.</summary>
/// <param name="Address">Any address at the server.</param>
public sealed record TelemetryEndpoint(Uri Address);

/// <summary>What every connection depends on, and what operators are told by.</summary>
internal sealed class FoundationChecks(VaultCheck vaults, StorageCheck storage, OutletCheck outlets)
{
    /// <summary>The steps, the credential vault's first.</summary>
    public IEnumerable<CheckStep> Steps(CheckRequest request) =>
        [.. vaults.Steps(request), storage.Step, .. outlets.Steps()];
}
