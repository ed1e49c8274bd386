using BackupFunctions.Check;

namespace BackupFunctions.Core.Tests.Check;

public sealed class SettingsCheckTests
{
    [Theory]
    [InlineData(
        "Connections:Acronis:default:DataCenterUrl",
        "http://eu8-cloud.acronis.com",
        "Connections:Acronis:default:DataCenterUrl must begin with https://",
        "Give the URL of the data center"
    )]
    [InlineData(
        "Connections:Veeam:default:Usrname",
        "x",
        "Connections:Veeam:default:Usrname is not a setting of Veeam.",
        "Its settings are BaseUrl"
    )]
    [InlineData(
        "Connections:Acronsi:default:ClientId",
        "x",
        "Connections:Acronsi is not a known vendor.",
        "The vendors are Acronis"
    )]
    [InlineData(
        "AcronisRefreshSchedule",
        "every five minutes",
        "AcronisRefreshSchedule is 'every five minutes', which is not a valid NCRONTAB expression.",
        "Give six fields"
    )]
    [InlineData(
        "AzureWebJobsStorage:accountName",
        "NOT-AN-ACCOUNT",
        "AzureWebJobsStorage:accountName is not a valid storage account name.",
        "Give 3 to 24"
    )]
    public async Task A_setting_that_would_stop_the_start_is_named_with_a_remedy(
        string key,
        string value,
        string sentence,
        string right
    )
    {
        await using var world = await CheckWorld.StartAsync(new Dictionary<string, string?> { [key] = value });

        var finding = (await world.LookAsync()).One("setting-refused");

        Assert.Equal(FindingLevel.Error, finding.Type.Level);
        Assert.StartsWith(finding.Subject, key, StringComparison.Ordinal);
        Assert.StartsWith(sentence, finding.Sentence, StringComparison.Ordinal);
        Assert.StartsWith(right, finding.Remedy!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Valid_settings_are_good()
    {
        await using var world = await CheckWorld.StartAsync();

        Assert.Equal(FindingLevel.Ok, (await world.LookAsync()).One("settings-good").Type.Level);
    }

    [Fact]
    public async Task Everything_that_does_not_depend_on_a_bad_setting_is_checked_but_nothing_is_signed_in()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["Connections:Veeam:default:Usrname"] = "x" }
        );

        var report = await world.CheckAsync();

        Assert.Equal(2, report.ExitStatus);
        Assert.Contains("credential-good", report.Ids("acronis/default"));
        Assert.Contains("server-reached", report.Ids("acronis/default"));
        Assert.DoesNotContain("credential-good", report.Ids("veeam/default"));
        Assert.Contains("would not start", report.One("sign-in-left-out").Sentence, StringComparison.Ordinal);
        Assert.Equal(0, world.TokenRequests);
    }

    [Fact]
    public async Task A_vault_with_an_invalid_setting_is_not_called()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["KeyVault:VaultUri"] = null }
        );

        var report = await world.CheckAsync();

        Assert.Equal("KeyVault:VaultUri", report.One("setting-refused").Subject);
        Assert.Equal(FindingLevel.Skipped, report.One("vault-unchecked").Type.Level);
        Assert.Equal(FindingLevel.Skipped, report.One("credentials-unchecked").Type.Level);
        Assert.Contains("server-reached", report.Ids("backupnet/default"));
        Assert.Equal(0, world.Emulators.Vault.Counters.Total);
    }
}
