using System.Text.Json;
using BackupFunctions.Settings.Alerting;

namespace BackupFunctions.Alerts.Formats;

/// <summary>The body of a post, in the form that the receiver takes.</summary>
internal static class AlertBody
{
    /// <summary>Writes a message.</summary>
    /// <returns>JSON in UTF-8.</returns>
    public static byte[] Write(AlertMessage message, AlertFormat format) =>
        format switch
        {
            AlertFormat.Json => JsonSerializer.SerializeToUtf8Bytes(message, AlertJson.Default.AlertMessage),
            AlertFormat.AdaptiveCard => JsonSerializer.SerializeToUtf8Bytes(TeamsCard.Of(message)),
            AlertFormat.Slack => JsonSerializer.SerializeToUtf8Bytes(SlackBlocks.Of(message)),
            _ => throw new InvalidOperationException($"{format} is not a known format."),
        };
}
