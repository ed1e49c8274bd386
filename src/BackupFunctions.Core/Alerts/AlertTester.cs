using BackupFunctions.Settings.Alerting;

namespace BackupFunctions.Alerts;

/// <summary>Tries the webhook for an operator.</summary>
/// <param name="time">The clock.</param>
/// <param name="options">The settings; null if no webhook is set.</param>
/// <param name="webhook">The webhook; null with the settings.</param>
internal sealed class AlertTester(TimeProvider time, AlertOptions? options = null, AlertWebhook? webhook = null)
{
    /// <summary>The form in which alerts are posted.</summary>
    public AlertFormat Format => options?.Format ?? AlertFormat.Json;

    /// <summary>Posts a test message, in one attempt of 10 s.</summary>
    /// <returns>How the receiver answered; null if no webhook is set.</returns>
    public async Task<WebhookAnswer?> TestAsync(CancellationToken cancellationToken) =>
        webhook is null
            ? null
            : await webhook.SendOnceAsync(AlertMessage.OfTest(options?.AppUrl, time.GetUtcNow()), cancellationToken);
}
