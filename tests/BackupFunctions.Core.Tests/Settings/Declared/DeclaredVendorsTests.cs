using BackupFunctions.Settings;
using BackupFunctions.Settings.Declared;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Core.Tests.Settings.Declared;

/// <summary>Vendors that an operator declares: every field, right and wrong.</summary>
public sealed class DeclaredVendorsTests
{
    private static readonly (string Key, string Value)[] Complete =
    [
        ("DisplayName", "Contoso Backup"),
        ("Flow", "clientcredentials"),
        ("Server", "https://{Account}.contoso.com"),
        ("TokenPath", "{Version}/oauth2/token"),
        ("Api", "https://api.contoso.com/{Version}"),
        ("Authentication", "Body"),
        ("Body", "Json"),
        ("GrantType", "client"),
        ("Scope", "backup.read"),
        ("ClientIdField", "id"),
        ("ClientSecretField", "secret"),
        ("Fields:audience", "backup"),
        ("Headers:x-api-version", "{Version}"),
        ("Values:Account", ""),
        ("Values:Version", "v2"),
        ("Reply:AccessToken", "data/token"),
        ("Reply:ExpiresIn", "data/seconds"),
        ("Reply:Error", "code"),
        ("RejectedStatuses", "401, 403"),
        ("LifetimeWithoutEvidence", "600"),
        ("EndSession", "DELETE {Version}/session"),
        ("HarmlessCall", "GET customers"),
    ];

    /// <summary>One wrong field at a time, in place of the right one or besides the others.</summary>
    public static TheoryData<string, string, string> Wrong { get; } =
        new()
        {
            { "Flow", "Implicit", "ClientCredentials, Password, StaticKey" },
            { "Flow", "1", "ClientCredentials" },
            { "Server", "http://contoso.com", "must begin with https://" },
            { "Server", "https://{Account}", "choose the host" },
            { "Server", "https://{Account}.com", "choose the host" },
            { "Server", "https://contoso.{Account}", "choose the host" },
            { "Server", "https://login.contoso.com.{Account}.net", "choose the host" },
            { "Server", "https://x@contoso.com", "user or password" },
            { "Server", "https://contoso.com?x=1", "must end before" },
            { "Server", "https://{Account.contoso.com", "brace" },
            { "Server", "https://{Other}.contoso.com", "Other, which is not declared" },
            { "TokenPath", "/oauth2/token", "not a path" },
            { "TokenPath", "../token", "not a path" },
            { "TokenPath", "https://evil.example/token", "not a path" },
            { "TokenPath", "//evil.example/token", "not a path" },
            { "TokenPath", "token?x=1", "not a path" },
            { "TokenPath", "{Unknown}/token", "Unknown, which is not declared" },
            { "Api", "ftp://api.contoso.com", "must begin with https://" },
            { "Authentication", "mtls", "Basic, BasicEncoded, Body, PrivateKeyJwt, Bearer" },
            { "Body", "Xml", "Form, Json" },
            { "Headers:Authorization", "x", "not a header" },
            { "Headers:Host", "evil.example", "not a header" },
            { "Headers:bad name", "x", "not a header" },
            { "Headers:x-b", "a\r\nb", "not a valid text" },
            { "Headers:x-c", "ü", "not a header" },
            { "Headers:x-d", "{Unknown}", "Unknown, which is not declared" },
            { "Values:ClientId", "x", "not a valid name of a value" },
            { "Values:a-b", "x", "not a valid name of a value" },
            { "Reply:Token", "x", "not a field of a reply" },
            { "RejectedStatuses", "200", "not a list of statuses" },
            { "RejectedStatuses", "401;403", "not a list of statuses" },
            { "LifetimeWithoutEvidence", "0", "not a valid lifetime" },
            { "LifetimeWithoutEvidence", "five", "not a valid lifetime" },
            { "EndSession", "session", "not a call" },
            { "HarmlessCall", "PATCH customers", "not a call" },
            { "HarmlessCall", "GET /customers", "not a call" },
            { "Secret", "hunter2", "not a field of a vendor" },
            { "DisplayName", "two\nlines", "not a valid text" },
        };

    [Fact]
    public void Every_field_arrives_in_the_profile()
    {
        var declared = Read("contoso", Complete);

        Assert.Empty(declared.Findings);
        var profile = Assert.Single(declared.Profiles);
        var flow = Assert.IsType<ClientCredentialsFlow>(profile.Flow);
        Assert.Equal(("contoso", "Contoso Backup"), (profile.Name, profile.DisplayName));
        Assert.Equal("https://{Account}.contoso.com", profile.Server.Template);
        Assert.Equal("{Version}/oauth2/token", profile.TokenPath);
        Assert.Equal("https://api.contoso.com/{Version}", profile.Api?.Template);
        Assert.Equal(ClientAuthentication.Body, flow.Authentication);
        Assert.True(flow.SendsJson);
        Assert.Equal(("client", "backup.read"), (flow.GrantType, flow.DefaultScope));
        Assert.Equal(("id", "secret"), (flow.ClientIdField, flow.ClientSecretField));
        Assert.Equal("backup", flow.Fields["audience"]);
        Assert.Equal("{Version}", profile.Headers["x-api-version"]);
        Assert.Equal(
            [("Account", null), ("Version", "v2")],
            profile.Values.Select(value => (value.Name, value.Default))
        );
        Assert.Equal(
            new ReplyFields
            {
                AccessToken = "data/token",
                ExpiresIn = "data/seconds",
                Error = "code",
            },
            profile.Reply
        );
        Assert.Equal([401, 403], profile.RejectedStatuses);
        Assert.Equal(TimeSpan.FromMinutes(10), profile.LifetimeWithoutEvidence);
        Assert.Equal(new ApiCall("DELETE", "{Version}/session"), profile.EndSession);
        Assert.Equal(new ApiCall("GET", "customers"), profile.HarmlessCall);
        Assert.False(profile.HasOwnTimer);
    }

    [Fact]
    public void A_few_fields_are_enough()
    {
        var declared = Read("ContosoBackup", ("Server", "https://login.contoso.com"));

        Assert.Empty(declared.Findings);
        var profile = Assert.Single(declared.Profiles);
        Assert.Equal(("contosobackup", "ContosoBackup"), (profile.Name, profile.SettingsName));
        Assert.Null(profile.TokenPath);
        Assert.Equal([401], profile.RejectedStatuses);
        Assert.IsType<ClientCredentialsFlow>(profile.Flow);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_field_is_named_with_a_remedy_and_leaves_only_its_vendor_out(
        string key,
        string value,
        string told
    )
    {
        var settings = Complete.Where(field => field.Key != key).Append((key, value)).Select(field => In("bad", field));

        var declared = DeclaredVendors.Read(
            Configuration([.. settings, In("good", ("Server", "https://login.contoso.com"))]),
            VendorProfiles.BuiltIn
        );

        var finding = Assert.Single(declared.Findings);
        Assert.Equal($"Vendors:bad:{key}", finding.Key);
        Assert.Contains(told, finding.ToString(), StringComparison.Ordinal);
        Assert.NotNull(finding.Remedy);
        Assert.DoesNotContain("hunter2", finding.ToString(), StringComparison.Ordinal);
        Assert.Equal("good", Assert.Single(declared.Profiles).Name);
    }

    [Theory]
    [InlineData("veeam", "has the name of Veeam Backup for Microsoft Azure")]
    [InlineData("VEEAM", "has the name of Veeam Backup for Microsoft Azure")]
    [InlineData("AcronisCyberApp", "has the name of Acronis CyberApp")]
    [InlineData("catalogue", "not a valid name")]
    [InlineData("ALL", "not a valid name")]
    [InlineData("Read", "not a valid name")]
    [InlineData("1st", "not a valid name")]
    [InlineData("a-b", "not a valid name")]
    [InlineData("a/b", "not a valid name")]
    [InlineData("ünicode", "not a valid name")]
    public void A_name_that_is_taken_or_unusable_is_rejected(string name, string told)
    {
        var declared = Read(name, ("Server", "https://login.contoso.com"));

        Assert.Empty(declared.Profiles);
        Assert.Contains(told, Assert.Single(declared.Findings).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example/", false)]
    [InlineData("contoso/../evil", false)]
    [InlineData("evil.example#", false)]
    [InlineData("x@evil.example", false)]
    [InlineData("..", false)]
    [InlineData("north", true)]
    public void A_value_never_leads_to_another_host(string account, bool isAccepted)
    {
        var profile = Read("contoso", Complete).Profiles[0];
        var findings = new List<SettingFinding>();
        var section = Configuration(
                ("Connections:contoso:default:Account", account),
                ("Connections:contoso:default:ClientId", "id")
            )
            .GetSection("Connections:contoso:default");

        var connection = ConnectionReader.Read(new ConnectionValues.OfSettings(section), profile, findings);

        Assert.Equal(isAccepted, connection is not null);
        if (connection is null)
            Assert.All(findings, finding => Assert.EndsWith(":Account", finding.Key, StringComparison.Ordinal));
        else
            Assert.Equal("https://north.contoso.com/v2/oauth2/token", connection.TokenEndpoint!.AbsoluteUri);
    }

    [Fact]
    public void One_setting_may_hold_all_fields_as_JSON()
    {
        const string Json =
            """{"Server":"https://login.contoso.com","Headers":{"x-api-version":"2"},"Flow":"Implicit"}""";

        var wrong = DeclaredVendors.Read(Configuration(("Vendors:contoso", Json)), VendorProfiles.BuiltIn);
        var right = DeclaredVendors.Read(
            Configuration(("Vendors:contoso", Json.Replace("Implicit", "Password", StringComparison.Ordinal))),
            VendorProfiles.BuiltIn
        );

        Assert.Equal("Vendors:contoso:Flow", Assert.Single(wrong.Findings).Key);
        var profile = Assert.Single(right.Profiles);
        Assert.Equal("2", profile.Headers["x-api-version"]);
        Assert.IsType<PasswordFlow>(profile.Flow);
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("[1]")]
    [InlineData("\"hunter2\"")]
    [InlineData("{}")]
    [InlineData("{\"Server\":\"hunter2\"")]
    [InlineData("{\"Server\":\"a\",\"server\":\"b\"}")]
    [InlineData("{},\"x\":{\"Server\":\"https://login.contoso.com\"}")]
    public void JSON_that_cannot_be_read_is_reported_without_its_text(string json)
    {
        var declared = DeclaredVendors.Read(Configuration(("Vendors:contoso", json)), VendorProfiles.BuiltIn);

        Assert.Empty(declared.Profiles);
        var finding = Assert.Single(declared.Findings);
        Assert.Equal("Vendors:contoso", finding.Key);
        Assert.DoesNotContain("hunter2", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_and_fields_of_one_vendor_are_reported_and_neither_counts()
    {
        var declared = DeclaredVendors.Read(
            Configuration(
                ("Vendors:contoso", """{"Server":"https://login.contoso.com"}"""),
                ("Vendors:Contoso:Server", "https://login.fabrikam.com")
            ),
            VendorProfiles.BuiltIn
        );

        Assert.Empty(declared.Profiles);
        Assert.Contains("declared twice", Assert.Single(declared.Findings).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-api-key", null, "")]
    [InlineData(null, "ApiKey", "ApiKey ")]
    public void A_static_key_goes_in_a_named_header(string? header, string? prefix, string expected)
    {
        var declared = Read(
            "contoso",
            ("Server", "https://api.contoso.com"),
            ("Flow", "StaticKey"),
            ("KeyHeader", header ?? ""),
            ("KeyPrefix", prefix ?? "")
        );

        Assert.Empty(declared.Findings);
        var flow = Assert.IsType<StaticKeyFlow>(Assert.Single(declared.Profiles).Flow);
        Assert.Equal((header ?? "Authorization", expected), (flow.Header, flow.Prefix));
        Assert.False(declared.Profiles[0].IssuesTokens);
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("bad name")]
    public void A_static_key_goes_in_no_header_of_the_connections_own(string header)
    {
        var declared = Read(
            "contoso",
            ("Server", "https://api.contoso.com"),
            ("Flow", "StaticKey"),
            ("KeyHeader", header)
        );

        Assert.Equal("Vendors:contoso:KeyHeader", Assert.Single(declared.Findings).Key);
    }

    private static DeclaredVendors Read(string name, params (string Key, string Value)[] fields) =>
        DeclaredVendors.Read(Configuration([.. fields.Select(field => In(name, field))]), VendorProfiles.BuiltIn);

    private static (string, string) In(string name, (string Key, string Value) field) =>
        ($"Vendors:{name}:{field.Key}", field.Value);

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
}
