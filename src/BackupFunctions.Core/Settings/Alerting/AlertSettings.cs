using BackupFunctions.Tokens;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings.Alerting;

/// <summary>Reads <c>Alerts:…</c>. No finding quotes an address: it may hold a token.</summary>
internal static class AlertSettings
{
    public static readonly string[] Known = ["WebhookUrl", "WebhookUrlSecretName", "After"];

    private const int LongestAfter = 86_400;

    /// <summary>Reads them.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="findings">Receives what is wrong.</param>
    /// <returns>Null where nobody is to be told, or not rightly so.</returns>
    public static AlertOptions? Read(IConfiguration configuration, List<SettingFinding> findings)
    {
        var (url, secret, after) = (
            Text(configuration, "WebhookUrl"),
            Text(configuration, "WebhookUrlSecretName"),
            Text(configuration, "After")
        );
        FindWrongAddress(url, secret, findings);
        var seconds = Seconds(after);
        if (seconds is null)
        {
            findings.Add(
                "Alerts:After",
                "is not a valid time.",
                $"Give whole seconds, {LongestAfter} at most, for example {AlertOptions.DefaultAfter.TotalSeconds}."
            );
        }
        else if (after.Length > 0 && url.Length + secret.Length == 0)
        {
            findings.Add(
                "Alerts:After",
                "is set, but no alert would be sent.",
                "Set Alerts:WebhookUrl or Alerts:WebhookUrlSecretName too."
            );
        }

        if (url.Length + secret.Length == 0)
        {
            return null;
        }

        return new AlertOptions(TimeSpan.FromSeconds(seconds ?? 0))
        {
            Url = url.Length > 0 ? new SecretText(url) : null,
            UrlSecretName = url.Length > 0 ? null : secret,
        };
    }

    /// <summary>What is wrong with an address, without it; null if nothing is.</summary>
    public static string? WhatIsWrongWith(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0)
        {
            return "does not contain an absolute URL.";
        }

        return parsed.Scheme == Uri.UriSchemeHttps || (parsed.Scheme == Uri.UriSchemeHttp && parsed.IsLoopback)
            ? null
            : "must begin with https:// (http:// is accepted for a loopback address alone).";
    }

    private static void FindWrongAddress(string url, string secret, List<SettingFinding> findings)
    {
        if (url.Length > 0 && secret.Length > 0)
        {
            findings.Add("Alerts:WebhookUrl", "and Alerts:WebhookUrlSecretName are both set.", "Give one of the two.");
        }
        else if (url.Length > 0 && WhatIsWrongWith(url) is { } wrong)
        {
            findings.Add(
                "Alerts:WebhookUrl",
                wrong,
                "Give the whole address that the receiver shows, beginning with https://."
            );
        }
        else if (secret.Length > 0 && !ConnectionSettings.IsSecretName(secret))
        {
            findings.Add(
                "Alerts:WebhookUrlSecretName",
                "is not a valid secret name.",
                "Give letters, digits and hyphens, for example alert-webhook-url."
            );
        }
    }

    private static int? Seconds(string after) =>
        after.Length == 0 ? (int)AlertOptions.DefaultAfter.TotalSeconds : SettingsReader.Whole(after, 0, LongestAfter);

    private static string Text(IConfiguration configuration, string name) =>
        configuration[$"Alerts:{name}"]?.Trim() ?? "";
}
