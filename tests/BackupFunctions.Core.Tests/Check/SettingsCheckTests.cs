using BackupFunctions.Check;
using BackupFunctions.Vendors;

namespace BackupFunctions.Core.Tests.Check;

public sealed class SettingsCheckTests
{
    [Theory]
    [InlineData(
        "Connections:Veeam:default:Usrname",
        "x",
        "setting-unknown",
        "Connections:Veeam:default:Usrname is not a setting of Veeam.",
        "Its settings are BaseUrl"
    )]
    [InlineData(
        "Connections:Acronsi:default:ClientId",
        "x",
        "setting-unknown",
        "Connections:Acronsi is not a known vendor.",
        "The vendors are Acronis"
    )]
    [InlineData(
        "AcronisRefreshSchedule",
        "every five minutes",
        "setting-refused",
        "AcronisRefreshSchedule is 'every five minutes', which is not a valid NCRONTAB expression.",
        "Give six fields"
    )]
    [InlineData(
        "AzureWebJobsStorage:accountName",
        "NOT-AN-ACCOUNT",
        "setting-refused",
        "AzureWebJobsStorage:accountName is not a valid storage account name.",
        "Give 3 to 24"
    )]
    public async Task A_setting_that_is_wrong_or_unknown_is_named_with_a_remedy(
        string key,
        string value,
        string id,
        string sentence,
        string right
    )
    {
        await using var world = await CheckWorld.StartAsync(new Dictionary<string, string?> { [key] = value });

        var finding = (await world.LookAsync()).One(id);

        Assert.Equal(FindingLevel.Error, finding.Type.Level);
        Assert.StartsWith(finding.Subject, key, StringComparison.Ordinal);
        Assert.StartsWith(sentence, finding.Sentence, StringComparison.Ordinal);
        Assert.StartsWith(right, finding.Remedy!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misconfigured_connection_is_named_with_a_remedy()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["Connections:Acronis:default:DataCenterUrl"] = "http://203.0.113.10" }
        );

        var all = await world.LookAsync();
        var one = await world.CheckAsync(
            new CheckRequest
            {
                SignsIn = false,
                Vendor = "acronis",
                Connection = "default",
            }
        );

        var finding = all.One("connection-misconfigured");
        Assert.Equal((FindingLevel.Error, "acronis/default"), (finding.Type.Level, finding.Subject));
        Assert.StartsWith(
            "Connections:Acronis:default:DataCenterUrl must begin with https://",
            finding.Sentence,
            StringComparison.Ordinal
        );
        Assert.StartsWith("Give the URL of the data center", finding.Remedy!, StringComparison.Ordinal);
        Assert.Equal(
            $"{VendorProfiles.BuiltIn.Count - 1} in settings, 0 in the vault; 1 misconfigured, see under Settings.",
            all.One("connections-known").Sentence
        );
        Assert.Equal(
            "0 in settings, 0 in the vault; 1 misconfigured, see under Settings.",
            one.One("connections-known").Sentence
        );
    }

    [Fact]
    public async Task Valid_settings_are_good()
    {
        await using var world = await CheckWorld.StartAsync();

        Assert.Equal(FindingLevel.Ok, (await world.LookAsync()).One("settings-good").Type.Level);
    }

    [Fact]
    public async Task It_says_which_timers_run_at_the_default()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?>
            {
                ["AcronisRefreshSchedule"] = null,
                ["AcronisCyberAppRefreshSchedule"] = "0 */5 * * * *",
                ["AvePointRefreshSchedule"] = "0 */5 * * * *",
                ["BackupNetRefreshSchedule"] = "0 */5 * * * *",
                ["VeeamRefreshSchedule"] = null,
                ["CatalogueRefreshSchedule"] = "0 */5 * * * *",
            }
        );

        Assert.Equal(
            "Not set, so that the timer runs at 0 */5 * * * *: AcronisRefreshSchedule, VeeamRefreshSchedule.",
            (await world.LookAsync()).One("schedules-default").Sentence
        );
    }

    [Theory]
    [InlineData("false", "true", "Whoever has a function key is admitted, and no log can say who it was.")]
    [InlineData("true", "true", "Callers need a function key and an app role of Entra ID.")]
    [InlineData("true", "false", "Callers need an app role of Entra ID. There are no function keys.")]
    public async Task It_says_how_callers_are_admitted(string roles, string keys, string expected)
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["Access:RequireAppRoles"] = roles, ["Access:FunctionKeys"] = keys },
            services: CheckWorld.Deployed
        );

        Assert.Equal(expected, (await world.LookAsync()).One("callers-admitted").Sentence);
    }

    [Fact]
    public async Task How_callers_are_admitted_is_not_told_of_settings_that_do_not_start()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["Access:FunctionKeys"] = "false" },
            services: CheckWorld.Deployed
        );

        var report = await world.LookAsync();

        Assert.Equal("Access:FunctionKeys", report.One("setting-refused").Subject);
        Assert.DoesNotContain("callers-admitted", report.Ids("callers"));
    }

    [Fact]
    public async Task Where_the_host_would_not_start_everything_else_is_checked_but_nothing_is_signed_in()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["AcronisRefreshSchedule"] = "never" }
        );

        var report = await world.CheckAsync();

        Assert.Equal(2, report.ExitStatus);
        Assert.Contains("credential-good", report.Ids("acronis/default"));
        Assert.Contains("server-reached", report.Ids("acronis/default"));
        Assert.Contains("would not start", report.One("sign-in-left-out").Sentence, StringComparison.Ordinal);
        Assert.Equal(0, world.TokenRequests);
    }

    [Fact]
    public async Task Beside_a_misconfigured_connection_the_others_are_checked_and_signed_in()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["Connections:Veeam:default:Username"] = null }
        );

        var report = await world.CheckAsync();

        Assert.Equal(2, report.ExitStatus);
        Assert.Contains("sign-in-good", report.Ids("acronis/default"));
        Assert.Equal(["connection-misconfigured"], report.Ids("veeam/default"));
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
