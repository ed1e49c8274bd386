using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Settings;
using BackupFunctions.Settings.Access;
using BackupFunctions.Sweeps;
using BackupFunctions.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Core.Tests.Settings;

public sealed class SettingsTests
{
    private static readonly Dictionary<string, string?> Good = new(StringComparer.OrdinalIgnoreCase)
    {
        ["KeyVault:VaultUri"] = "https://contoso-backup.vault.azure.net/",
        ["Connections:Acronis:default:DataCenterUrl"] = "https://eu8-cloud.acronis.com",
        ["Connections:Acronis:default:ClientId"] = "client-1",
        ["Connections:AcronisCyberApp:default:DataCenterUrl"] = "https://eu8-cloud.acronis.com",
        ["Connections:AcronisCyberApp:default:ClientId"] = "client-2",
        ["Connections:AvePoint:default:ClientId"] = "client-3",
        ["Connections:BackupNet:default:ClientId"] = "client-4",
        ["Connections:Veeam:office:BaseUrl"] = "https://203.0.113.10/",
        ["Connections:Veeam:office:Username"] = "svc",
    };

    [Fact]
    public void A_usual_connection_needs_only_its_url_and_its_client_id_or_user()
    {
        var options = Read(Good);

        Assert.Empty(options.Findings);
        var acronis = Find(options, "acronis/default");
        Assert.Equal("acronis-default-client-secret", acronis.Credential.Name);
        Assert.Equal("acronis-default-access-token", acronis.TokenSecretName);
        Assert.Equal(new Uri("https://eu8-cloud.acronis.com"), acronis.BaseUrl);
        Assert.Null(acronis.RefreshBefore);
        Assert.Equal(
            "acronis-cyberapp-default-client-secret",
            Find(options, "acronis-cyberapp/default").Credential.Name
        );
        var avePoint = Find(options, "avepoint/default");
        Assert.Equal(new CredentialName("avepoint-default", IsCertificate: true), avePoint.Credential);
        Assert.Equal(new Uri("https://identity.avepointonlineservices.com"), avePoint.Server);
        Assert.Equal("platformbackup.readwrite.all", avePoint.Scope);
        Assert.Null(avePoint.BaseUrl);
        var backupNet = Find(options, "backupnet/default");
        Assert.Equal(new Uri("https://login.backup.net"), backupNet.Server);
        Assert.Equal(new Uri("https://public-api.backup.net"), backupNet.BaseUrl);
        Assert.Equal("backupnet-default-client-secret", backupNet.Credential.Name);
        var veeam = Find(options, "veeam/office");
        Assert.Equal(
            ("veeam-office-password", "veeam-office-totp-secret"),
            (veeam.Credential.Name, veeam.TotpSecret!.Name)
        );
        Assert.Equal("veeam-office-refresh-token", veeam.RefreshTokenSecretName);
        Assert.Null(veeam.ServerCertificateSha256);
    }

    [Fact]
    public void The_token_vault_is_the_vault_unless_it_is_set()
    {
        var one = Read(Good);
        var two = Read(Good, ("KeyVault:TokenVaultUri", "https://contoso-tokens.vault.azure.net"));

        Assert.Equal(one.VaultUri, one.TokenVaultUri);
        Assert.Equal(new Uri("https://contoso-tokens.vault.azure.net"), two.TokenVaultUri);
        Assert.Equal(one.VaultUri, two.VaultUri);
    }

    [Fact]
    public void Every_setting_can_be_set()
    {
        var options = Read(
            Good,
            ("Connections:Acronis:default:ClientSecretName", "my-secret"),
            ("Connections:Acronis:default:TenantId", "8A3F3C0E-52a5-4d2b-9d0a-5b1e0c6f2a11"),
            ("Connections:Acronis:default:RefreshBefore", "600"),
            ("Connections:Acronis:default:TokenSecretName", "my-token"),
            ("Connections:AvePoint:default:CertificateName", "my-certificate"),
            ("Connections:AvePoint:default:Scope", "other"),
            ("Connections:Veeam:office:PasswordSecretName", "my-password"),
            ("AcronisRefreshSchedule", "30 */10 * * * *")
        );

        Assert.Empty(options.Findings);
        var acronis = Find(options, "acronis/default");
        Assert.Equal("my-secret", acronis.Credential.Name);
        Assert.Equal("my-token", acronis.TokenSecretName);
        Assert.Equal(Guid.Parse("8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11"), acronis.TenantId);
        Assert.Equal(TimeSpan.FromSeconds(600), acronis.RefreshBefore);
        Assert.Equal("my-certificate", Find(options, "avepoint/default").Credential.Name);
        Assert.Equal("my-password", Find(options, "veeam/office").Credential.Name);
        Assert.Equal("30 */10 * * * *", options.Schedules["acronis"].Expression);
        Assert.Equal("0 */5 * * * *", options.Schedules["veeam"].Expression);
    }

    [Fact]
    public void The_limits_of_sweeps_and_of_the_vault_have_defaults_and_can_be_set()
    {
        var usual = Read(Good);
        var set = Read(
            Good,
            ("KeyVault:WritesPerTenSeconds", "40"),
            ("KeyVault:ConnectionsInVault", "False"),
            ("VeeamRefreshConcurrency", "8")
        );
        var unlimited = Read(Good, ("KeyVault:WritesPerTenSeconds", "Unlimited"));

        Assert.Equal((250, true), (usual.WritesPerTenSeconds, usual.ReadsConnectionsInVault));
        Assert.Empty(usual.Concurrency);
        Assert.Empty(set.Findings);
        Assert.Equal((40, false, 8), (set.WritesPerTenSeconds, set.ReadsConnectionsInVault, set.Concurrency["veeam"]));
        Assert.Empty(unlimited.Findings);
        Assert.Null(unlimited.WritesPerTenSeconds);
    }

    [Theory]
    [InlineData("true", "True", false)]
    [InlineData("True", "true", false)]
    [InlineData("false", null, false)]
    [InlineData("", "False", false)]
    [InlineData("true", "False", true)]
    [InlineData("true", "1", true)]
    [InlineData("true", "", true)]
    public void App_roles_are_required_only_where_the_platform_verifies_callers(
        string required,
        string? authentication,
        bool refused
    )
    {
        var options = Read(Good, ("Access:RequireAppRoles", required), ("WEBSITE_AUTH_ENABLED", authentication ?? ""));

        Assert.Equal(refused, options.Findings.Count > 0);
    }

    [Theory]
    [InlineData("true", "true", Admission.KeysAndAppRoles)]
    [InlineData("true", "", Admission.KeysAndAppRoles)]
    [InlineData("true", "false", Admission.AppRoles)]
    [InlineData("true", " False ", Admission.AppRoles)]
    [InlineData("false", "true", Admission.Keys)]
    [InlineData("", "", Admission.Keys)]
    public void Callers_need_what_the_settings_say(string roles, string keys, Admission admission)
    {
        var options = Read(
            Good,
            ("Access:RequireAppRoles", roles),
            ("Access:FunctionKeys", keys),
            ("Access:ClientId", "6C1F9C5E-0000-4000-8000-00000000000A"),
            ("WEBSITE_AUTH_ENABLED", "True")
        );

        Assert.Empty(options.Findings);
        Assert.Equal(admission, options.Access.Admission);
        Assert.Equal("api://6c1f9c5e-0000-4000-8000-00000000000a", options.Access.Audience);
    }

    [Theory]
    [InlineData("false", "false", "True", "Access:FunctionKeys")]
    [InlineData("", "false", "", "Access:FunctionKeys")]
    [InlineData("true", "false", "", "Access:RequireAppRoles")]
    [InlineData("true", "off", "True", "Access:FunctionKeys")]
    [InlineData("on", "false", "True", "Access:RequireAppRoles")]
    public void Functions_have_keys_unless_roles_are_enforced(string roles, string keys, string platform, string key)
    {
        var options = Read(
            Good,
            ("Access:RequireAppRoles", roles),
            ("Access:FunctionKeys", keys),
            ("WEBSITE_AUTH_ENABLED", platform)
        );

        Assert.Equal(key, Assert.Single(options.Findings).Key);
    }

    [Theory]
    [InlineData("https://prod-01.westeurope.logic.azure.com/workflows/1/triggers/manual?sig=x%2Fy", null, true)]
    [InlineData("http://127.0.0.1:8080/hook", null, true)]
    [InlineData(null, "alert-webhook-url", true)]
    [InlineData("https://hooks.example/secret", "alert-webhook-url", false)]
    [InlineData(null, null, true)]
    public void The_alert_webhook_is_an_address_or_the_name_of_a_secret_that_holds_it(
        string? url,
        string? secret,
        bool isGood
    )
    {
        var options = Read(Good, ("Alerts:WebhookUrl", url ?? ""), ("Alerts:WebhookUrlSecretName", secret ?? ""));

        Assert.Equal(isGood, options.Findings.Count == 0);
        Assert.DoesNotContain(options.Findings, finding =>
            finding.ToString().Contains("secret/", StringComparison.Ordinal)
            || finding.ToString().Contains("hooks.example", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void What_others_set_is_none_of_ours() =>
        Assert.Empty(Read(Good, ("ACCESS_TOKEN", "x"), ("Alerts_Endpoint", "y")).Findings);

    [Fact]
    public void Environment_variables_name_settings_with_two_underscores_and_names_are_compared_without_case()
    {
        const string Prefix = "BACKUPFUNCTIONS_SETTINGS_TEST_";
        Environment.SetEnvironmentVariable(Prefix + "KeyVault__VaultUri", "https://contoso-backup.vault.azure.net");
        Environment.SetEnvironmentVariable(Prefix + "CONNECTIONS__VEEAM__OFFICE2__BASEURL", "https://203.0.113.10");
        Environment.SetEnvironmentVariable(Prefix + "connections__veeam__Office2__username", "svc");

        var options = Read(new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build());

        Assert.Empty(options.Findings);
        Assert.Equal("veeam-office2-password", Find(options, "veeam/office2").Credential.Name);
    }

    public static TheoryData<string, string, string> Bad =>
        new()
        {
            { "KeyVault:VaultUri", "", "is not set" },
            { "KeyVault:VaultUri", "http://127.0.0.1:8080", "must begin with https://" },
            { "KeyVault:VaultUri", "contoso-backup", "not an absolute URL" },
            { "KeyVault:TokenVaultUri", "http://tokens.vault.azure.net", "https://" },
            { "KeyVault:VaultUrl", "https://x.vault.azure.net", "VaultUri" },
            { "Connections:Acronis:default:DataCenterUrl", " ", "is not set" },
            { "Connections:Acronis:default:DataCenterUrl", "http://eu8-cloud.acronis.com", "https://" },
            { "Connections:Acronis:default:DataCenterUrl", "http://localhost.evil.example", "https://" },
            { "Connections:Acronis:default:DataCenterUrl", "eu8-cloud.acronis.com", "not an absolute URL" },
            {
                "Connections:Acronis:default:DataCenterUrl",
                "https://eu8-cloud.acronis.com/?x=1",
                "must end before '?'"
            },
            { "Connections:Acronis:default:DataCenterUrl", "https://eu8-cloud.acronis.com/#x", "must end before '#'" },
            { "Connections:Acronis:default:DataCenterUrl", "ftp://eu8-cloud.acronis.com", "https://" },
            { "Connections:Acronis:default:DataCenterUrl", "https://", "not an absolute URL" },
            { "Connections:Acronis:default:DataCenterUrl", "/etc/passwd", "not an absolute URL" },
            { "Connections:Acronis:default:ClientId", "", "is not set. Give the API client's id" },
            { "Connections:Acronis:default:ClientSecretName", "under_score", "letters, digits and hyphens" },
            { "Connections:Acronis:default:TokenSecretName", "ümlaut", "letters, digits and hyphens" },
            { "Connections:Acronis:default:TenantId", "not-a-uuid", "not a UUID" },
            { "Connections:Acronis:default:TenantId", "{8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11}", "not a UUID" },
            { "Connections:Acronis:default:RefreshBefore", "00:10:00", "whole seconds" },
            { "Connections:Acronis:default:RefreshBefore", "0", "whole seconds" },
            { "Connections:Acronis:default:RefreshBefore", "-5", "whole seconds" },
            { "Connections:Acronis:default:RefreshBefore", "1.5", "whole seconds" },
            { "Connections:Acronis:default:RefreshBefore", "86401", "whole seconds" },
            { "Connections:Acronis:default:ClientIdd", "x", "is not a setting of Acronis" },
            { "Connections:Acronis:default:ApiUrl", "https://x.example", "is not a setting of Acronis" },
            { "Connections:Veeam:office:ServerCertificateSha256", "AB:CD", "64 hex digits" },
            {
                "Connections:Veeam:office:ServerCertificateSha256",
                "zz3fzz3fzz3fzz3fzz3fzz3fzz3fzz3fzz3fzz3fzz3fzz3fzz3fzz3fzz3fzz3f",
                "64 hex digits"
            },
            { "Connections:BackupNet:default:Authority", "http://login.backup.net", "https://" },
            { "Connections:AvePoint:default:ApiUrl", "http://api.example", "https://" },
            {
                "Connections:Acronsi:default:ClientId",
                "x",
                "is not a known vendor. The vendors are Acronis, AcronisCyberApp, AvePoint, BackupNet, "
            },
            { "Connections:Acronis", "x", "connection's name should follow" },
            { "Connections:Acronis:my-office:ClientId", "x", "is not a valid connection name" },
            { "Connections:Acronis:straße:ClientId", "x", "is not a valid connection name" },
            {
                "Connections:Acronis:a2345678901234567890123456789012345678901:ClientId",
                "x",
                "is not a valid connection name"
            },
            { "Connection:Acronis:default:ClientId", "x", "Did you mean Connections:Acronis?" },
            { "Vault:VaultUri", "https://x.vault.azure.net", "Did you mean KeyVault:VaultUri?" },
            { "KeyVaults:TokenVaultUri", "https://x.vault.azure.net", "Did you mean KeyVault:TokenVaultUri?" },
            { "TokenVaultUri", "https://x.vault.azure.net", "Did you mean KeyVault:TokenVaultUri?" },
            { "KeyVault_TokenVaultUri", "https://x.vault.azure.net", "Did you mean KeyVault:TokenVaultUri?" },
            { "Connections_Acronis_default_ClientId", "x", "Did you mean Connections:Acronis:default:ClientId?" },
            { "AcronisRefreshSchedule", "*/5 * * * *", "six fields" },
            { "AcronisRefreshSchedule", "", "six fields" },
            { "AcronisRefreshSchedule", "99 * * * * *", "six fields" },
            { "AcronsiRefreshSchedule", "0 */5 * * * *", "of a known vendor" },
            { "AcronisRefreshShedule", "0 */5 * * * *", "AcronisRefreshSchedule" },
            { "VeeamSchedule", "0 */5 * * * *", "VeeamRefreshSchedule" },
            { "KeyVault:WritesPerTenSeconds", "0", "a whole number from 1 to 4000, for example 250, or unlimited" },
            { "KeyVault:WritesPerTenSeconds", "many", "a whole number from 1 to 4000" },
            { "KeyVault:ConnectionsInVault", "yes", "neither true nor false" },
            { "Alerts:WebhookUrl", "hooks.example/secret", "does not contain an absolute URL" },
            { "Alerts:WebhookUrl", "http://hooks.example/secret", "must begin with https://" },
            { "Alerts:WebhookUrlSecretName", "under_score", "letters, digits and hyphens" },
            { "Alerts:After", "600", "no alert would be sent" },
            { "Alerts:After", "00:15:00", "Give whole seconds, 86400 at most, for example 900" },
            { "Alerts:RemindAfter", "4h", "Give whole seconds, 604800 at most, for example 14400" },
            { "Alerts:Format", "teams", "Give json, adaptive-card or slack" },
            { "Alerts:HeaderName", "X-Api-Key", "is set without Alerts:HeaderSecretName" },
            { "Alerts:HeaderSecretName", "alert-key", "is set without Alerts:HeaderName" },
            { "Alerts:AppUrl", "http://backup.contoso.com", "must begin with https://" },
            { "Alerts:AppUrl", "https://backup.contoso.com/?code=1", "must end before '?'" },
            { "Alerts:Silence:Acronys", "2026-11-28T06:00Z", "is not a known vendor" },
            { "Alerts:Silence:Acronis", "tomorrow", "is not an instant, and silences nothing" },
            { "Alerts:Silence:Acronis", "2026-11-28T06:00", "with its time zone" },
            { "Alerts:Silence:Acronis:default", "9999-11-28T06:00Z", "is more than 30 days ahead" },
            {
                "Alerts:Url",
                "https://hooks.example/secret",
                "The settings of Alerts are WebhookUrl, WebhookUrlSecretName, After"
            },
            { "Alert:WebhookUrl", "https://hooks.example/secret", "Did you mean Alerts:WebhookUrl?" },
            { "Alerts_WebhookUrl", "https://hooks.example/secret", "Did you mean Alerts:WebhookUrl?" },
            { "Access:RequireAppRoles", "yes", "neither true nor false" },
            {
                "Access:RequireAppRoles",
                "true",
                "App Service authentication is off (WEBSITE_AUTH_ENABLED is not True)"
            },
            { "Access:FunctionKeys", "no", "neither true nor false" },
            { "Access:FunctionKeys", "false", "anyone on the internet would get tokens. Set Access:RequireAppRoles" },
            { "Access:ClientId", "api://contoso", "is not the client id of an app registration. Give its application" },
            {
                "Access:RequireRoles",
                "true",
                "is not a setting. The settings of Access are RequireAppRoles, FunctionKeys, ClientId."
            },
            { "Acces:RequireAppRoles", "true", "Did you mean Access:RequireAppRoles?" },
            { "RequireAppRoles", "true", "Did you mean Access:RequireAppRoles?" },
            { "Access_RequireAppRoles", "true", "Did you mean Access:RequireAppRoles?" },
            { "WritesPerTenSeconds", "10", "Did you mean KeyVault:WritesPerTenSeconds?" },
            { "VeeamRefreshConcurrency", "0", "a whole number from 1 to 256, for example 64" },
            { "VeeamRefreshConcurrency", "257", "a whole number from 1 to 256" },
            { "VeemRefreshConcurrency", "8", "is not the concurrency of a known vendor" },
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_or_unknown_setting_is_named_with_its_full_key_and_what_would_be_right(
        string key,
        string value,
        string expected
    )
    {
        var options = Read(Good, (key, value));

        var (named, told) = Assert.Single(Told(options), one => one.Text.Contains(expected, StringComparison.Ordinal));
        Assert.True(key == named || key.StartsWith(named + ":", StringComparison.Ordinal), told);
        Assert.EndsWith(".", told.Replace("?", ".", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void All_findings_come_at_once()
    {
        var options = Read(
            Good,
            ("KeyVault:VaultUri", ""),
            ("Connections:Acronis:default:ClientId", ""),
            ("Connections:Veeam:office:Usernam", "x"),
            ("VeeamRefreshSchedule", "never")
        );

        Assert.Equal(4, Told(options).Count);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5001")]
    [InlineData("http://localhost:5001")]
    [InlineData("http://[::1]:5001")]
    public void A_loopback_address_may_speak_http(string url)
    {
        var options = Read(Good, ("Connections:Acronis:default:DataCenterUrl", url));

        Assert.Empty(options.Findings);
    }

    public static TheoryData<string, string> Pasted =>
        new()
        {
            { "Connections:Acronis:default:ClientSecretName", "{0}" },
            { "Connections:Acronis:default:TokenSecretName", "{0}" },
            { "Connections:AvePoint:default:CertificateName", "{0}" },
            { "Connections:Veeam:office:PasswordSecretName", "{0}" },
            { "Connections:Veeam:office:TotpSecretName", "{0}" },
            { "Connections:Veeam:office:ServerCertificateSha256", "{0}" },
            { "Connections:Acronis:default:ClientSecret", "{0}" },
            { "Connections:Veeam:office:Password", "{0}" },
            { "Connections:Acronis:default:TenantId", "{0}" },
            { "Connections:Acronis:default:RefreshBefore", "{0}" },
            { "Connections:Acronis:default:DataCenterUrl", "{0}" },
            { "Connections:Acronis:default:DataCenterUrl", "https://user:{0}@eu8-cloud.acronis.com" },
            { "Connections:Acronis:default:DataCenterUrl", "https://user:{0}@eu8-cloud.acronis.com:port" },
            { "Connections:Acronis:default:DataCenterUrl", "user:{0}@eu8-cloud.acronis.com" },
            { "Connections:Acronis:default:DataCenterUrl", "http://eu8-cloud.acronis.com/?key={0}" },
            { "Connections:Acronis:default:DataCenterUrl", "https://eu8-cloud.acronis.com/?key={0}" },
            { "Connections:Acronis:default:DataCenterUrl", "https://eu8-cloud.acronis.com/#{0}" },
            { "KeyVault:VaultUri", "{0}" },
            { "KeyVault:VaultUri", "https://user:{0}@contoso.vault.azure.net" },
        };

    [Theory]
    [MemberData(nameof(Pasted))]
    public void A_secret_in_a_place_where_none_belongs_is_refused_and_never_shown(string key, string format)
    {
        var secret = SuiteLog.Guard("pasted!S3cret_of-an-operator");

        var options = Read(
            Good,
            (key, string.Format(System.Globalization.CultureInfo.InvariantCulture, format, secret))
        );

        var findings = Told(options).Select(one => one.Text).ToList();
        Assert.NotEmpty(findings);
        using var logs = LoggerFactory.Create(logging => logging.AddSuiteLog());
        logs.CreateLogger<SettingsTests>()
            .LogError(new OptionsValidationException("", typeof(BackupFunctionsOptions), findings), "Refused");
        Assert.All(findings, finding => Assert.DoesNotContain(secret, finding, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "Connections:Acronis:default:TokenSecretName",
        "acronis-cyberapp-default-access-token",
        "the access token of acronis-cyberapp/default"
    )]
    [InlineData(
        "Connections:Acronis:default:TokenSecretName",
        "ACRONIS-default-client-secret",
        "a credential of acronis/default"
    )]
    [InlineData("Connections:Acronis:default:TokenSecretName", "veeam-office-password", "a credential of veeam/office")]
    [InlineData("Connections:Acronis:default:TokenSecretName", "avepoint-default", "a credential of avepoint/default")]
    [InlineData(
        "Connections:Acronis:default:TokenSecretName",
        "veeam-office-refresh-token",
        "the refresh token of veeam/office"
    )]
    [InlineData(
        "Connections:Acronis:default:ClientSecretName",
        "acronis-default-access-token",
        "the access token of acronis/default"
    )]
    [InlineData(
        "Connections:Acronis:default:ClientSecretName",
        "veeam-office-access-token",
        "the access token of veeam/office"
    )]
    [InlineData(
        "Connections:Acronis:default:ClientSecretName",
        "veeam-office-refresh-token",
        "the refresh token of veeam/office"
    )]
    public void A_name_that_is_already_taken_for_something_else_makes_its_setter_misconfigured_and_nobody_else(
        string key,
        string value,
        string by
    )
    {
        var options = Read(Good, (key, value));

        var wrong = Assert.Single(options.Misconfigured);
        Assert.Equal("acronis/default", wrong.Key.ToString());
        Assert.Contains(by, wrong.Problem, StringComparison.Ordinal);
        Assert.StartsWith("Connections:Acronis:default", wrong.Problem, StringComparison.Ordinal);
        Assert.Empty(options.Findings);
        Assert.Equal(4, options.Connections.Count);
    }

    [Fact]
    public void Of_two_connections_that_name_the_same_secret_for_their_tokens_the_first_keeps_it()
    {
        var options = Read(
            Good,
            ("Connections:Acronis:default:TokenSecretName", "shared"),
            ("Connections:Veeam:office:TokenSecretName", "shared")
        );

        var wrong = Assert.Single(options.Misconfigured);
        Assert.Equal("veeam/office", wrong.Key.ToString());
    }

    [Fact]
    public void Connections_may_share_a_credential()
    {
        var options = Read(
            Good,
            ("Connections:AcronisCyberApp:default:ClientSecretName", "acronis-default-client-secret")
        );

        Assert.Empty(options.Findings);
    }

    [Fact]
    public void No_connection_at_all_is_no_mistake() =>
        Assert.Empty(
            Read(new Dictionary<string, string?> { ["KeyVault:VaultUri"] = "https://x.vault.azure.net" }).Findings
        );

    [Fact]
    public void Sections_of_others_are_none_of_our_business()
    {
        var options = Read(
            Good,
            ("Logging:LogLevel:Default", "Information"),
            ("EmbeddedVault:Secrets:x", "y"),
            ("AzureWebJobsStorage:accountName", "contoso"),
            ("ACRONIS_HOME", "/opt/x"),
            ("VEEAM", "1")
        );

        Assert.Empty(options.Findings);
    }

    [Fact]
    public void The_copies_that_app_service_makes_of_all_settings_are_no_misspellings()
    {
        var options = Read(
            Good,
            ("APPSETTING_AcronisRefreshSchedule", "0 */5 * * * *"),
            ("APPSETTING_KeyVault:VaultUri", "https://x.vault.azure.net"),
            ("APPSETTING_Connections:Acronis:default:ClientId", "x")
        );

        Assert.Empty(options.Findings);
    }

    [Theory]
    [InlineData("KeyVault:VaultUri", "http://contoso.example", true, true)]
    [InlineData("AzureWebJobsStorage", "nonsense", true, true)]
    [InlineData("Access:RequireAppRoles", "yes", true, true)]
    [InlineData("Access:RequireRoles", "true", true, true)]
    [InlineData("Access_RequireAppRoles", "true", true, true)]
    [InlineData("AcronisRefreshSchedule", "never", true, true)]
    [InlineData("Connections:Veeam:office:BaseUrl", "http://203.0.113.10", false, false)]
    [InlineData("Connections:Veeam:office:SettingOfNextYear", "x", false, true)]
    [InlineData("Connections:VendorOfNextYear", "x", false, true)]
    [InlineData("KeyVault:SettingOfNextYear", "x", false, true)]
    [InlineData("Alerts:SettingOfNextYear", "x", false, true)]
    [InlineData("VendorOfNextYearRefreshSchedule", "0 */5 * * * *", false, true)]
    [InlineData("VendorOfNextYearRefreshConcurrency", "16", false, true)]
    public void What_the_host_needs_stops_the_start_and_what_it_does_not_know_stops_it_only_on_LocalHost(
        string key,
        string value,
        bool stopsTheApp,
        bool stopsLocalHost
    )
    {
        Assert.Equal((stopsTheApp, stopsLocalHost), (Stops(platform: null), Stops(HostingPlatform.Local)));

        bool Stops(HostingPlatform? platform)
        {
            using var provider = Services(Good, platform, (key, value));
            try
            {
                provider.GetRequiredService<IStartupValidator>().Validate();
                return false;
            }
            catch (OptionsValidationException exception)
            {
                Assert.Contains(key, exception.Message, StringComparison.Ordinal);
                return true;
            }
        }
    }

    [Fact]
    public void A_connection_with_a_setting_of_a_newer_version_works()
    {
        var options = Read(Good, ("Connections:Veeam:office:SettingOfNextYear", "x"));

        Assert.Equal(5, options.Connections.Count);
        Assert.Equal("Connections:Veeam:office:SettingOfNextYear", Assert.Single(options.Unknown).Key);
    }

    [Fact]
    public void A_schedule_ticks_in_utc_after_the_instant_that_is_asked_for()
    {
        var schedule = RefreshSchedule.TryParse("0 */5 * * * *")!;

        Assert.Equal(
            new DateTimeOffset(2026, 11, 22, 12, 5, 0, TimeSpan.Zero),
            schedule.NextAfter(new DateTimeOffset(2026, 11, 22, 14, 0, 0, TimeSpan.FromHours(2)))
        );
        Assert.Equal(
            new DateTimeOffset(2026, 11, 22, 12, 10, 0, TimeSpan.Zero),
            schedule.NextAfter(new DateTimeOffset(2026, 11, 22, 12, 5, 0, TimeSpan.Zero))
        );
    }

    private static Connection Find(BackupFunctionsOptions options, string key) =>
        options.Connections.Single(connection => connection.Key.ToString() == key);

    private static BackupFunctionsOptions Read(
        IEnumerable<KeyValuePair<string, string?>> good,
        params (string Key, string Value)[] changes
    ) =>
        Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(good)
                .AddInMemoryCollection(changes.Select(change => KeyValuePair.Create(change.Key, (string?)change.Value)))
                .Build()
        );

    private static BackupFunctionsOptions Read(IConfiguration configuration)
    {
        using var provider = Services(configuration, platform: null);
        var options = new BackupFunctionsOptions();
        provider.GetRequiredService<IConfigureOptions<BackupFunctionsOptions>>().Configure(options);
        return options;
    }

    private static ServiceProvider Services(
        IEnumerable<KeyValuePair<string, string?>> good,
        HostingPlatform? platform,
        params (string Key, string Value)[] changes
    ) =>
        Services(
            new ConfigurationBuilder()
                .AddInMemoryCollection(good)
                .AddInMemoryCollection(changes.Select(change => KeyValuePair.Create(change.Key, (string?)change.Value)))
                .Build(),
            platform
        );

    private static ServiceProvider Services(IConfiguration configuration, HostingPlatform? platform)
    {
        var services = new ServiceCollection().AddLogging();
        if (platform is not null)
            services.AddSingleton(platform);
        services.AddBackupTokens(configuration).AddKeyVault().AddVendors();
        return services.BuildServiceProvider();
    }

    /// <summary>Everything that is wrong or unknown, with the key that it begins with.</summary>
    private static List<(string Key, string Text)> Told(BackupFunctionsOptions options) =>
        [
            .. options.Findings.Concat(options.Unknown).Select(finding => (finding.Key, finding.ToString())),
            .. options.Misconfigured.Select(wrong => (wrong.Problem.Split(' ')[0], wrong.Failure.Detail)),
        ];
}
