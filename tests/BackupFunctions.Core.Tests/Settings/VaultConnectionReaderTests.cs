using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Settings;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;

namespace BackupFunctions.Core.Tests.Settings;

public sealed class VaultConnectionReaderTests
{
    private const string Name = "connection-contoso";
    private const string Acronis =
        """{"vendor":"acronis","connection":"Contoso","settings":{"DataCenterUrl":"https://eu8-cloud.acronis.com","ClientId":"client-1","RefreshBefore":600},"credential":{"clientSecret":"s"}}""";

    private readonly List<SettingFinding> _findings = [];

    [Fact]
    public void A_secret_defines_a_connection_whose_credential_is_a_member_of_that_very_secret()
    {
        var connection = Read(Acronis)!;

        Assert.Empty(_findings);
        Assert.Equal("acronis/contoso", connection.Key.ToString());
        Assert.Equal(new Uri("https://eu8-cloud.acronis.com"), connection.Server);
        Assert.Equal(TimeSpan.FromSeconds(600), connection.RefreshBefore);
        Assert.Equal(
            ("acronis-contoso-access-token", "acronis-contoso-refresh-token"),
            (connection.TokenSecretName, connection.RefreshTokenSecretName)
        );
        Assert.Equal((Name, "clientSecret"), (connection.Credential.Name, connection.Credential.Member));
        Assert.NotNull(connection.Credential.Definition);
    }

    [Fact]
    public void Every_vendor_has_the_parts_of_its_own_credential()
    {
        var cyberApp = Read(Acronis.Replace("\"acronis\"", "\"acronis-cyberapp\"", StringComparison.Ordinal))!;
        var avePoint = Read(
            """{"vendor":"avepoint","connection":"c","settings":{"ClientId":"x"},"credential":{"certificate":"MII"}}"""
        )!;
        var backupNet = Read(
            """{"vendor":"backupnet","connection":"c","settings":{"ClientId":"x"},"credential":{"clientSecret":"s"}}"""
        )!;
        var veeam = Read(
            """{"vendor":"veeam","connection":"c","settings":{"BaseUrl":"https://203.0.113.10","Username":"svc"},"credential":{"password":"p","totpSecret":"t"}}"""
        )!;
        var veeamAlone = Read(
            """{"vendor":"veeam","connection":"d","settings":{"BaseUrl":"https://203.0.113.10","Username":"svc"},"credential":{"password":"p"}}"""
        )!;

        Assert.Empty(_findings);
        Assert.Equal("acronis-cyberapp", cyberApp.Key.Vendor);
        Assert.Equal([("certificate", true)], avePoint.Credentials.Select(part => (part.Member!, part.IsCertificate)));
        Assert.Equal(["clientSecret"], backupNet.Credentials.Select(part => part.Member));
        Assert.Equal(
            [("password", false), ("totpSecret", true)],
            veeam.Credentials.Select(part => (part.Member!, part.IsOptional))
        );
        Assert.Equal(2, veeamAlone.Credentials.Count);
    }

    public static TheoryData<string, string, string> Bad =>
        new()
        {
            { "\"clientSecret\":\"s\"", "\"clientSecret\":\"\"", "credential.clientSecret is not set" },
            { "\"clientSecret\":\"s\"", "", "credential.clientSecret is not set" },
            { "\"clientSecret\":\"s\"", "\"clientSecret\":7", "a value in credential that is not text" },
            {
                "\"clientSecret\":\"s\"",
                "\"clientSecret\":\"s\",\"password\":\"p\"",
                "credential has a member that is not part of a credential of Acronis. Its parts are clientSecret."
            },
            {
                "\"ClientId\":\"client-1\"",
                "\"ClientId\":\"client-1\",\"ClientSecretName\":\"acronis-default-client-secret\"",
                "settings.ClientSecretName names a secret, which a connection in the vault cannot do"
            },
            {
                "\"ClientId\":\"client-1\"",
                "\"ClientId\":\"client-1\",\"TokenSecretName\":\"acronis-default-access-token\"",
                "settings.TokenSecretName names a secret"
            },
            {
                "\"ClientId\":\"client-1\"",
                "\"ClientId\":\"client-1\",\"tokensecretname\":\"\"",
                "settings.TokenSecretName names a secret"
            },
            {
                "\"ClientId\":\"client-1\"",
                "\"ClientId\":\"client-1\",\"CertificateName\":\"avepoint-default\"",
                "settings has a member that is not a setting of Acronis. Its "
                    + "settings are ClientId, DataCenterUrl, RefreshBefore, TenantId."
            },
            {
                "\"ClientId\":\"client-1\"",
                "\"Other\":\"x\"",
                "settings.ClientId is not set. Give the API client's id, a UUID."
            },
            {
                "\"ClientId\":\"client-1\"",
                "\"ClientId\":\"client-1\",\"CLIENTID\":\"client-2\"",
                "a name twice in settings"
            },
            { "\"ClientId\":\"client-1\"", "\"ClientId\":\"client-1\",\"ClientId\":\"client-2\"", "is not JSON" },
            {
                "\"ClientId\":\"client-1\"",
                "\"ClientId\":null",
                "a value in settings that is neither text nor a number"
            },
            { "\"ClientId\":\"client-1\"", "\"ClientId\":{\"a\":1}", "is not JSON" },
            { "\"ClientId\":\"client-1\"", "\"ClientId\":\"\\ud800\"", "is not Unicode" },
            { "https://eu8", "http://eu8", "settings.DataCenterUrl must begin with https://" },
            { ":600", ":\"soon\"", "settings.RefreshBefore is not a valid lifetime" },
            { ":600", ":0.5", "settings.RefreshBefore is not a valid lifetime" },
            {
                "\"acronis\"",
                "\"acronsi\"",
                "vendor is not a known vendor. The vendors are acronis, acronis-cyberapp, avepoint, backupnet, veeam."
            },
            { "\"acronis\"", "5", "has no vendor" },
            { "Contoso", "con-toso", "connection is not a valid connection name" },
            { "Contoso", "", "has no connection" },
            {
                "\"vendor\"",
                "\"vendors\"",
                "has an unknown member. Its members are vendor, connection, settings, credential."
            },
            { "\"settings\":", "\"settings\":1,\"more\":", "has no object named settings" },
            { "{\"vendor\"", "// a remark\n{\"vendor\"", "is not JSON that defines a connection (line 1, byte 1)" },
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_wrong_is_said_of_the_secret_by_the_rules_of_settings(
        string part,
        string instead,
        string expected
    )
    {
        Assert.Contains(part, Acronis, StringComparison.Ordinal);

        Assert.Null(Read(Acronis.Replace(part, instead, StringComparison.Ordinal)));

        Assert.Contains(_findings, finding => finding.ToString().Contains(expected, StringComparison.Ordinal));
        Assert.All(_findings, finding =>
            Assert.StartsWith($"The secret {Name}", finding.Key, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("a-client-secret-where-a-connection-should-be")]
    public void What_is_no_object_defines_nothing(string value)
    {
        Assert.Null(Read(value));

        Assert.Single(_findings);
    }

    [Fact]
    public void Neither_a_long_nor_a_deep_text_is_read()
    {
        Assert.Null(Read(Acronis + new string(' ', 25 * 1024)));
        Assert.Null(Read(string.Concat(Enumerable.Repeat("{\"vendor\":", 2000)) + "1" + new string('}', 2000)));

        Assert.Contains("longer than 25 KB", _findings[0].Problem, StringComparison.Ordinal);
        Assert.Contains("is not JSON", _findings[1].Problem, StringComparison.Ordinal);
    }

    public static TheoryData<string> Places =>
        [
            "{0}",
            "\"{0}\"",
            "{\"{0}\":1}",
            """{"vendor":"{0}","connection":"c","settings":{},"credential":{}}""",
            """{"vendor":"acronis","connection":"{0}","settings":{},"credential":{}}""",
            """{"vendor":"acronis","connection":"c","settings":{"{0}":"x","DataCenterUrl":"{0}","ClientSecretName":"{0}","TenantId":"{0}","RefreshBefore":"{0}"},"credential":{"{0}":"x","clientSecret":["{0}"]}}""",
            """{"vendor":"acronis","connection":"c","settings":{"{0}":"x","DataCenterUrl":"https://{0}@x.example","TenantId":"{0}"},"credential":{"{0}":"x","clientSecret":"{0}"}}""",
            """{"vendor":"veeam","connection":"c","settings":{"BaseUrl":"{0}","ServerCertificateSha256":"{0}","PasswordSecretName":"{0}"},"credential":{"password":"{0}","totpSecret":""}}""",
        ];

    [Theory]
    [MemberData(nameof(Places))]
    public void Nothing_that_the_secret_holds_is_shown_wherever_it_stands(string format)
    {
        var secret = SuiteLog.Guard("pasted!S3cret-in-a-connection");

        Assert.Null(Read(format.Replace("{0}", secret, StringComparison.Ordinal)));

        Assert.NotEmpty(_findings);
        Assert.All(_findings, finding =>
            Assert.DoesNotContain(secret, finding.ToString(), StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public void Two_documents_define_the_same_if_only_the_credential_differs()
    {
        var one = Definition(Acronis);

        Assert.Equal(one, Definition(Acronis.Replace("\"s\"", "\"rotated\"", StringComparison.Ordinal)));
        Assert.Equal(one, Definition(Acronis.Replace("ClientId", "clientid", StringComparison.Ordinal)));
        Assert.NotEqual(one, Definition(Acronis.Replace("eu8", "us5", StringComparison.Ordinal)));
        Assert.NotEqual(one, Definition(Acronis.Replace("Contoso", "fabrikam", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("acronis-default-client-secret", "contoso", "settings already use that name")]
    [InlineData("my-token", "contoso", "settings already use that name")]
    [InlineData("ACRONIS-default-refresh-TOKEN", "contoso", "a name that a token is saved under")]
    [InlineData("acronis-contoso-access-token", "contoso", "a name that a token is saved under")]
    [InlineData("connection-default", "default", "which settings already define")]
    [InlineData(
        "connection-taken",
        "taken",
        "needs the secret acronis-taken-access-token, and settings already use that name"
    )]
    [InlineData("connection-contoso", "contoso", null)]
    public void A_connection_of_the_vault_shares_neither_its_name_nor_a_secret_with_one_of_the_settings(
        string secretName,
        string connection,
        string? expected
    )
    {
        var settings = new[]
        {
            Of("default", "acronis-default-client-secret", "my-token"),
            Of("other", "acronis-taken-access-token", "acronis-other-access-token"),
        };

        var clash = new ReservedSecretNames(settings).ClashOf(
            secretName,
            Read(Acronis.Replace("Contoso", connection, StringComparison.Ordinal), secretName)!
        );

        if (expected is null)
        {
            Assert.Null(clash);
        }
        else
        {
            Assert.Contains(expected, clash?.ToString(), StringComparison.Ordinal);
        }
    }

    private static Connection Of(string name, string secret, string token) =>
        new()
        {
            Vendor = VendorProfiles.Acronis,
            Key = new ConnectionKey("acronis", name),
            TokenSecretName = token,
            ClientId = "x",
            Credential = new CredentialName(secret),
            Server = new Uri("https://eu8-cloud.acronis.com"),
        };

    private Connection? Read(string value, string name = Name) => Reader().Read(name, value, _findings)?.Target;

    private string Definition(string value) => Reader().Read(Name, value, _findings)!.Value.Definition;

    private static VaultConnectionReader Reader()
    {
        return new VaultConnectionReader([
            VendorProfiles.Acronis,
            VendorProfiles.AcronisCyberApp,
            VendorProfiles.AvePoint,
            VendorProfiles.BackupNet,
            VendorProfiles.Veeam,
        ]);
    }
}
