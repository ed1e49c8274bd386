using System.Text.Json.Nodes;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Credentials;
using BackupFunctions.KeyVault;
using BackupFunctions.Settings;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.Core.Tests.KeyVault;

public sealed class MemberCredentialTests
{
    private const string Name = "connection-office";

    private static readonly string Password = SuiteLog.Guard("the-password-inside-a-connection");

    private readonly TestTime _time = new() { TimersFireAtOnce = true };
    private readonly EmulatedVault _vault;
    private readonly KeyVaultCredentials _credentials;

    public MemberCredentialTests()
    {
        _vault = new EmulatedVault(_time);
        _credentials = new KeyVaultCredentials(_vault.Client(), _time);
    }

    [Fact]
    public async Task A_credential_inside_a_connection_has_the_version_of_the_secret_around_it()
    {
        var name = Define("""{"password":"PASSWORD\n"}""");

        var credential = await FindAsync(name);

        Assert.Equal((Password, _vault.Secrets.Get(Name)!.Version), (credential!.Secret.Reveal(), credential.Version));
    }

    [Fact]
    public async Task A_rotated_one_is_found_when_the_newest_is_asked_for()
    {
        var name = Define("""{"password":"PASSWORD"}""");
        await FindAsync(name);
        Define("""{"password":"another"}""");

        var cached = await FindAsync(name);
        var newest = await FindAsync(name, newest: true);

        Assert.Equal(
            _vault.Secrets.Versions(Name).Select(version => version.Version),
            [cached!.Version, newest!.Version]
        );
    }

    [Fact]
    public async Task Only_an_optional_part_may_be_absent()
    {
        var name = Define("""{"password":"PASSWORD"}""");

        Assert.Null(await FindAsync(name with { Member = "totpSecret", IsOptional = true }));
        Assert.Equal(
            FailureKind.CredentialMissing,
            (await Bench.FailureAsync(() => FindAsync(name with { Member = "clientSecret" }))).Kind
        );
    }

    [Fact]
    public async Task A_credential_that_came_with_other_settings_is_not_sent_to_the_old_server()
    {
        var name = Define("""{"password":"PASSWORD"}""");
        Define("""{"password":"another"}""", url: "https://203.0.113.99");

        var failure = await Bench.FailureAsync(() => FindAsync(name));

        Assert.Equal((FailureKind.BackingOff, true), (failure.Kind, failure.WasNotTried));
        Assert.NotNull(failure.RetryAfter);
    }

    public static TheoryData<string> Ends => ["removed", "disabled", "another type", "broken", "expired", "empty"];

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task What_is_there_no_more_is_a_missing_credential_that_names_the_secret(string how)
    {
        var value = Value("""{"password":"PASSWORD"}""");
        var name = NameOf(value);
        _vault.Add(
            Name,
            how switch
            {
                "broken" => Password,
                "empty" => value.Replace(Password, "", StringComparison.Ordinal),
                _ => value,
            },
            how == "another type" ? "text/plain" : ConnectionDocument.ContentType,
            exp: how == "expired" ? TestTime.Noon : null,
            enabled: how != "disabled"
        );
        if (how == "removed")
            _vault.Secrets.Delete(Name);

        var failure = await Bench.FailureAsync(() => FindAsync(name with { IsOptional = how == "removed" }));

        Assert.Equal(FailureKind.CredentialMissing, failure.Kind);
        Assert.Contains(Name, failure.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_may_be_inside_too_and_says_what_is_wrong_with_it()
    {
        using var certificate = TestCertificates.Rsa();
        var inside = TestCertificates.Pkcs12(certificate);
        var name = Define(
            new JsonObject { ["certificate"] = inside, ["password"] = "no certificate" }.ToJsonString()
        ) with
        {
            Member = "certificate",
            IsCertificate = true,
        };

        var credential = await FindAsync(name);
        var failure = await Bench.FailureAsync(() => FindAsync(name with { Member = "password" }));

        Assert.Equal(certificate.Thumbprint, credential!.Certificate!.Thumbprint);
        Assert.Equal(FailureKind.CredentialMissing, failure.Kind);
        Assert.Contains("is neither PKCS #12", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certificate expired", "expired at 2026-11-22 11:59:59Z.")]
    [InlineData("secret expired", "comes in a version of the secret that expired at 2026-11-22 12:00:00Z.")]
    [InlineData("secret early", "comes in a version of the secret that is not valid before 2026-11-22 12:00:01Z.")]
    public async Task A_certificate_out_of_time_is_blamed_with_the_date_that_counts(string how, string words)
    {
        using var certificate = TestCertificates.Rsa(
            until: how == "certificate expired" ? TestTime.Noon.AddSeconds(-1) : null
        );
        var value = Value(new JsonObject { ["certificate"] = TestCertificates.Pkcs12(certificate) }.ToJsonString());
        _vault.Add(
            Name,
            value,
            ConnectionDocument.ContentType,
            exp: how == "secret expired" ? TestTime.Noon : null,
            nbf: how == "secret early" ? TestTime.Noon.AddSeconds(1) : null
        );

        var failure = await Bench.FailureAsync(() =>
            FindAsync(NameOf(value) with { Member = "certificate", IsCertificate = true })
        );

        Assert.Equal(FailureKind.CredentialMissing, failure.Kind);
        Assert.Contains($"The certificate in the secret {Name} {words}", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_forgotten_is_read_anew()
    {
        var name = Define("""{"password":"PASSWORD"}""");
        await FindAsync(name);

        var connection = new Connection
        {
            Vendor = VendorProfiles.Veeam,
            Key = new ConnectionKey("veeam", "office"),
            Server = new Uri("https://203.0.113.10"),
            Credential = name,
            TokenSecretName = "veeam-office-access-token",
        };
        _credentials.Removed(connection, isReplaced: false);
        await FindAsync(name);

        Assert.Equal(2, _vault.Calls.Count);
    }

    /// <summary>Saves a version and returns the name of its password.</summary>
    private CredentialName Define(string credential, string url = "https://203.0.113.10")
    {
        var value = Value(credential, url);
        _vault.Add(Name, value, ConnectionDocument.ContentType);
        return NameOf(value);
    }

    private static string Value(string credential, string url = "https://203.0.113.10") =>
        new JsonObject
        {
            ["vendor"] = "veeam",
            ["connection"] = "office",
            ["settings"] = new JsonObject { ["BaseUrl"] = url, ["Username"] = "svc" },
            ["credential"] = JsonNode.Parse(credential.Replace("PASSWORD", Password, StringComparison.Ordinal)),
        }.ToJsonString();

    private static CredentialName NameOf(string value) =>
        new DefiningSecret(Name, ConnectionDocument.Parse(value, [])!).Credential(
            "password",
            isCertificate: false,
            isOptional: false
        );

    private async Task<Credential?> FindAsync(CredentialName name, bool newest = false) =>
        await _credentials.FindAsync(name, newest, TestContext.Current.CancellationToken);
}
