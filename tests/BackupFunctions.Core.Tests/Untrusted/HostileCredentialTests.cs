using System.Text;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Core.Tests.Vendors;
using BackupFunctions.Credentials;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.IdentityModel.JsonWebTokens;

namespace BackupFunctions.Core.Tests.Untrusted;

/// <summary>
/// Ids, names and secrets with line breaks and foreign characters arrive as they are, in their place and nowhere else.
/// </summary>
public sealed class HostileCredentialTests
{
    private const string Name = "name\r\nX-Injected: 1\r\n\r\n\0ü𝄞&scope=all=+%0A";
    private const string Secret = "secret\r\nX-Injected: 2\r\n\r\n\0ß𝄞&scope=all=+%0A";

    [Fact]
    public async Task Acronis_gets_both_inside_its_basic_credentials()
    {
        var bench = new VendorBench(
            VendorProfiles.Acronis,
            ("DataCenterUrl", "https://eu8-cloud.acronis.com"),
            ("ClientId", Name)
        );
        bench.Credentials.With("acronis-default-client-secret", Secret);
        bench.Network.Answers("""{"access_token":"acronis-token"}""");

        await bench.SignInAsync();

        var sent = Assert.Single(bench.Sent);
        AssertNothingInjected(sent);
        Assert.Equal(
            $"{Name}:{Secret}",
            Encoding.UTF8.GetString(Convert.FromBase64String(sent.Authorization!["Basic ".Length..]))
        );
        Assert.Equal(["grant_type"], sent.Form.Keys);
    }

    [Fact]
    public async Task AvePoint_gets_the_id_inside_the_assertion_and_the_scope_inside_its_field()
    {
        using var certificate = TestCertificates.Rsa();
        var bench = new VendorBench(VendorProfiles.AvePoint, ("ClientId", Name), ("Scope", Secret));
        bench.Credentials.With(
            "avepoint-default",
            new Credential("v1", new SecretText("unused"), null) { Certificate = certificate }
        );
        bench
            .Network.Answers(
                DiscoveryDocumentsTests.Document(
                    "https://identity.avepointonlineservices.com",
                    "https://identity.avepointonlineservices.com/connect/token"
                )
            )
            .Answers("""{"access_token":"avepoint-token"}""");

        await bench.SignInAsync();

        AssertNothingInjected(bench.Sent[1]);
        Assert.Equal(Name, new JsonWebToken(bench.Sent[1].Form["client_assertion"]).Issuer);
        Assert.Equal(Secret, bench.Sent[1].Form["scope"]);
    }

    [Fact]
    public async Task BackupNet_gets_both_inside_their_fields()
    {
        var bench = new VendorBench(VendorProfiles.BackupNet, ("ClientId", Name));
        bench.Credentials.With("backupnet-default-client-secret", Secret);
        bench
            .Network.Answers(
                DiscoveryDocumentsTests.Document("https://login.backup.net", "https://login.backup.net/connect/token")
            )
            .Answers("""{"access_token":"backupnet-token"}""");

        await bench.SignInAsync();

        AssertNothingInjected(bench.Sent[1]);
        Assert.Equal((Name, Secret), (bench.Sent[1].Form["client_id"], bench.Sent[1].Form["client_secret"]));
        Assert.Equal(
            ["client_id", "client_secret", "grant_type"],
            bench.Sent[1].Form.Keys.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Veeam_gets_both_inside_their_fields_and_its_own_tokens_back_as_they_came()
    {
        var bench = new VendorBench(VendorProfiles.Veeam, ("BaseUrl", "https://203.0.113.10"), ("Username", Name));
        bench.Credentials.With("veeam-default-password", Secret).With("veeam-default-totp-secret", "JBSWY3DPEHPK3PXP");
        bench
            .Network.Answers("""{"mfa_enabled":true,"mfa_token":"m\r\nX-Injected: 3&x=1"}""")
            .Answers("""{"access_token":"veeam-token","refresh_token":"r\r\nX-Injected: 4&x=1"}""");

        var grant = await bench.SignInAsync();
        await bench.SignInAsync(bench.Begin(grant.RefreshToken));

        Assert.All(bench.Sent, AssertNothingInjected);
        Assert.Equal((Name, Secret), (bench.Sent[0].Form["Username"], bench.Sent[0].Form["Password"]));
        Assert.Equal("m\r\nX-Injected: 3&x=1", bench.Sent[1].Form["mfa_token"]);
        Assert.Equal("r\r\nX-Injected: 4&x=1", bench.Sent[2].Form["refresh_token"]);
    }

    [Fact]
    public async Task A_token_is_scoped_with_exactly_the_bearer_that_the_vendor_granted_and_a_planted_one_is_refused()
    {
        const string Odd = "a!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
        var bench = new VendorBench(
            VendorProfiles.Acronis,
            ("DataCenterUrl", "https://eu8-cloud.acronis.com"),
            ("ClientId", "id")
        );
        var token = new AccessToken(Odd, null, TestTime.Noon, TestTime.Noon.AddHours(2));
        bench
            .Network.Answers("""{"access_token":"scoped-token"}""")
            .Answers("""{"access_token":"scoped\r\nX-Injected: 5"}""");

        await bench.Bench.Vendors.GetTenantTokenAsync(
            bench.Connection,
            token,
            Guid.Empty,
            TestContext.Current.CancellationToken
        );
        var failure = await Bench.FailureAsync(() =>
            bench.Bench.Vendors.GetTenantTokenAsync(
                bench.Connection,
                token,
                Guid.Empty,
                TestContext.Current.CancellationToken
            )
        );

        Assert.Contains(
            $"Authorization: Bearer {Odd}",
            bench.Sent[0].Headers.Split(["\r\n", "\n"], StringSplitOptions.None)
        );
        Assert.Equal(Odd, bench.Sent[0].Form["assertion"]);
        Assert.Equal(FailureKind.VendorReplyUnusable, failure.Kind);
        Assert.DoesNotContain("Injected", failure.Detail, StringComparison.Ordinal);
    }

    private static void AssertNothingInjected(SentRequest sent)
    {
        Assert.DoesNotContain("Injected", sent.Headers, StringComparison.Ordinal);
        Assert.True(sent.Body.All(character => character is > ' ' and <= '~'), "The form is not encoded.");
    }
}
