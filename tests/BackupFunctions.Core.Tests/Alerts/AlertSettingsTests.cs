using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Situations;
using BackupFunctions.Settings;
using BackupFunctions.Settings.Alerting;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Core.Tests.Alerts;

/// <summary>What the settings of alerts mean; what is wrong with them is in SettingsTests.</summary>
public sealed class AlertSettingsTests
{
    [Theory]
    [InlineData("AppUrl", "https://backup.contoso.com/", "https://backup.contoso.com/api/status/page")]
    [InlineData("AppUrl", "https://contoso.com/backup", "https://contoso.com/backup/api/status/page")]
    [InlineData(null, "contoso-backup.azurewebsites.net", "https://contoso-backup.azurewebsites.net/api/status/page")]
    [InlineData(null, "localhost:7071", "http://localhost:7071/api/status/page")]
    [InlineData(null, "not a host", null)]
    [InlineData(null, "", null)]
    public void Links_lead_to_the_address_that_is_set_or_that_the_platform_gives(
        string? setting,
        string value,
        string? page
    )
    {
        var options = Read((setting is null ? "WEBSITE_HOSTNAME" : $"Alerts:{setting}", value));

        Assert.Equal(page, BackupFunctions.Alerts.StatusPageLink.To(options.AppUrl, vendor: null, connection: null));
    }

    [Fact]
    public void Everything_has_a_default()
    {
        var options = Read();

        Assert.Equal(
            (TimeSpan.FromMinutes(15), TimeSpan.FromHours(4), AlertFormat.Json, null),
            (options.After, options.RemindAfter, options.Format, options.Header)
        );
    }

    [Fact]
    public void Every_setting_is_read()
    {
        const string end = "2026-01-01T06:00Z";
        var options = Read(
            ("Alerts:After", "60"),
            ("Alerts:RemindAfter", "0"),
            ("Alerts:Format", "Adaptive-Card"),
            ("Alerts:HeaderName", "X-Api-Key"),
            ("Alerts:HeaderSecretName", "alert-key"),
            ("Alerts:Silence:AcronisCyberApp", end),
            ("Alerts:Silence:acronis:Berlin", end)
        );

        Assert.Equal(
            (
                TimeSpan.FromMinutes(1),
                TimeSpan.Zero,
                AlertFormat.AdaptiveCard,
                new AlertHeader("X-Api-Key", "alert-key")
            ),
            (options.After, options.RemindAfter, options.Format, options.Header)
        );
        Assert.Equal(
            [true, true, false],
            new[]
            {
                new ConnectionKey("acronis-cyberapp", "default"),
                new ConnectionKey("acronis", "berlin"),
                new ConnectionKey("acronis", "default"),
            }.Select(key => options.Silence.UntilOf(key) is not null)
        );
    }

    [Fact]
    public void A_window_that_is_wrong_warns_and_does_not_stop_the_app()
    {
        var options = AppSettings.Read(("Alerts:Silence:Acronis", "tomorrow"));

        Assert.Empty(options.Findings);
        Assert.Equal("Alerts:Silence:Acronis", Assert.Single(options.Unknown).Key);
    }

    [Theory]
    [InlineData("2026-12-22T12:00Z", true)]
    [InlineData("2026-12-22T13:00:00+01:00", true)]
    [InlineData("2026-12-22T12:01Z", false)]
    [InlineData("2026-01-01T00:00Z", true)]
    [InlineData("2026-12-01", false)]
    [InlineData("2026-12-01T12:00", false)]
    public void A_window_ends_within_thirty_days(string end, bool isRead)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Alerts:Silence:Acronis", end)]).Build();
        var findings = new List<SettingFinding>();

        var windows = new SilenceSettings(VendorProfiles.BuiltIn, TestTime.Noon).Read(settings, findings);

        Assert.Equal(isRead, windows.UntilOf(new ConnectionKey("acronis", "default")) is not null);
        Assert.Equal(isRead, findings.Count == 0);
    }

    private static AlertOptions Read(params (string Key, string Value)[] settings)
    {
        var options = AppSettings.Read([("Alerts:WebhookUrl", "https://hooks.example/1"), .. settings]);
        Assert.Empty(options.Findings.Concat(options.Unknown));
        return options.Alerts!;
    }
}
