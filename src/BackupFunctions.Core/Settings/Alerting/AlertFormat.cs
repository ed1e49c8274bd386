namespace BackupFunctions.Settings.Alerting;

/// <summary>The form in which alerts are posted.</summary>
internal enum AlertFormat
{
    /// <summary>This app's own: one object with everything in it.</summary>
    Json,

    /// <summary>A message with an Adaptive Card, as the workflows of Teams take it.</summary>
    AdaptiveCard,

    /// <summary>Blocks, as Slack's incoming webhooks take them.</summary>
    Slack,
}
