using BackupFunctions.Tokens;

namespace BackupFunctions.Settings.Alerting;

/// <summary>Where operators are told of broken connections.</summary>
/// <param name="After">How long a failure that may heal by itself lasts before they are told.</param>
internal sealed record AlertOptions(TimeSpan After)
{
    public static readonly TimeSpan DefaultAfter = TimeSpan.FromMinutes(15);

    public static readonly TimeSpan DefaultRemindAfter = TimeSpan.FromHours(4);

    /// <summary>
    /// The webhook's address; null where a secret holds it. Whoever knows it may post: it is a secret itself.
    /// </summary>
    public SecretText? Url { get; init; }

    /// <summary>The secret of the credential vault that holds the address; null where the setting does.</summary>
    public string? UrlSecretName { get; init; }

    /// <summary>How long after a post operators are told again that connections are broken; zero for never.</summary>
    public TimeSpan RemindAfter { get; init; } = DefaultRemindAfter;

    /// <summary>The form in which alerts are posted.</summary>
    public AlertFormat Format { get; init; }

    /// <summary>A header of each post; null for none.</summary>
    public AlertHeader? Header { get; init; }

    /// <summary>The app's own address, for links to the status page; null if it is not known.</summary>
    public Uri? AppUrl { get; init; }

    /// <summary>For whom no alert is sent for now.</summary>
    public SilenceWindows Silence { get; init; } = new();
}
