using BackupFunctions.Tokens;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings.Alerting;

/// <summary>Reads <c>Alerts:…</c>. No finding quotes an address: it may hold a token.</summary>
internal static class AlertSettings
{
    public static readonly string[] Known =
    [
        "WebhookUrl",
        "WebhookUrlSecretName",
        "After",
        "RemindAfter",
        "Format",
        "HeaderName",
        "HeaderSecretName",
        "AppUrl",
        SilenceSettings.Name,
    ];

    /// <summary>The environment variable in which App Service gives the host name of the app.</summary>
    private const string HostVariable = "WEBSITE_HOSTNAME";

    private const int LongestAfter = 86_400;
    private const int LongestRemindAfter = 7 * 86_400;

    private static readonly Dictionary<string, AlertFormat> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = AlertFormat.Json,
        ["json"] = AlertFormat.Json,
        ["adaptive-card"] = AlertFormat.AdaptiveCard,
        ["slack"] = AlertFormat.Slack,
    };

    /// <summary>Reads them.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="silence">The maintenance windows.</param>
    /// <param name="findings">Receives what is wrong.</param>
    /// <returns>Null where nobody is to be told, or not rightly so.</returns>
    public static AlertOptions? Read(
        IConfiguration configuration,
        SilenceWindows silence,
        List<SettingFinding> findings
    )
    {
        var (url, secret) = (Text(configuration, "WebhookUrl"), Text(configuration, "WebhookUrlSecretName"));
        FindWrongAddress(url, secret, findings);
        var after = Seconds(configuration, "After", LongestAfter, AlertOptions.DefaultAfter, findings);
        var again = Seconds(
            configuration,
            "RemindAfter",
            LongestRemindAfter,
            AlertOptions.DefaultRemindAfter,
            findings
        );
        var format = FormatOf(configuration, findings);
        var header = AlertHeader.Read(
            Text(configuration, AlertHeader.NameSetting),
            Text(configuration, AlertHeader.SecretSetting),
            findings
        );
        var app = AppUrlOf(configuration, findings);
        if (url.Length + secret.Length == 0)
        {
            if (Text(configuration, "After").Length > 0)
            {
                findings.Add(
                    "Alerts:After",
                    "is set, but no alert would be sent.",
                    "Set Alerts:WebhookUrl or Alerts:WebhookUrlSecretName too."
                );
            }

            return null;
        }

        return new AlertOptions(after)
        {
            Url = url.Length > 0 ? new SecretText(url) : null,
            UrlSecretName = url.Length > 0 ? null : secret,
            RemindAfter = again,
            Format = format,
            Header = header,
            AppUrl = app,
            Silence = silence,
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

    private static TimeSpan Seconds(
        IConfiguration configuration,
        string name,
        int most,
        TimeSpan byDefault,
        List<SettingFinding> findings
    )
    {
        var text = Text(configuration, name);
        if (text.Length == 0)
        {
            return byDefault;
        }

        if (SettingsReader.Whole(text, 0, most) is { } seconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        findings.Add(
            $"Alerts:{name}",
            "is not a valid time.",
            $"Give whole seconds, {most} at most, for example {byDefault.TotalSeconds}."
        );
        return byDefault;
    }

    private static AlertFormat FormatOf(IConfiguration configuration, List<SettingFinding> findings)
    {
        if (Formats.TryGetValue(Text(configuration, "Format"), out var format))
        {
            return format;
        }

        findings.Add("Alerts:Format", "is not a known format.", "Give json, adaptive-card or slack.");
        return AlertFormat.Json;
    }

    private static Uri? AppUrlOf(IConfiguration configuration, List<SettingFinding> findings)
    {
        var text = Text(configuration, "AppUrl");
        if (text.Length == 0)
        {
            // The Core Tools say localhost:7071, and serve http there.
            var host = configuration[HostVariable]?.Trim() ?? "";
            text = host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase)
                ? $"http://{host}"
                : $"https://{host}";
            return host.Length > 0 && SettingUrl.Check(text) is null ? SettingUrl.Parse(text) : null;
        }

        if (SettingUrl.Check(text) is { } wrong)
        {
            findings.Add("Alerts:AppUrl", wrong, "Give the app's address, for example https://backup.contoso.com.");
            return null;
        }

        return SettingUrl.Parse(text);
    }

    private static string Text(IConfiguration configuration, string name) =>
        configuration[$"Alerts:{name}"]?.Trim() ?? "";
}
