using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Credentials;
using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.KeyVault;

public sealed class KeyVaultCredentialsTests
{
    private static readonly CredentialName Name = new("acronis-default-client-secret");
    private static readonly CredentialName Optional = Name with { IsOptional = true };
    private static readonly CredentialName Certificate = new("avepoint-default", IsCertificate: true);
    private static readonly string Secret = SuiteLog.Guard("a-client-secret-of-the-vault");

    private readonly TestTime _time = new() { TimersFireAtOnce = true };
    private readonly EmulatedVault _vault;
    private readonly KeyVaultCredentials _credentials;

    public KeyVaultCredentialsTests()
    {
        _vault = new EmulatedVault(_time);
        _credentials = new KeyVaultCredentials(_vault.Client(), _time);
    }

    public static TheoryData<string> Formats => ["pkcs12", "pem"];

    [Fact]
    public async Task A_secret_comes_with_its_version_and_without_a_line_end_at_its_end()
    {
        var version = _vault.Add(Name.Name, Secret + "\r\n");

        var credential = await FindAsync(Name);

        Assert.Equal(Secret, credential!.Secret.Reveal());
        Assert.Equal(version.Version, credential.Version);
        Assert.DoesNotContain(Secret, credential.ToString(), StringComparison.Ordinal);
        Assert.Equal(["GET /secrets/acronis-default-client-secret"], _vault.Calls);
    }

    [Fact]
    public async Task A_fault_of_our_own_is_not_reported_as_the_vaults()
    {
        _vault.Add(Name.Name, Secret);
        var credential = await FindAsync(Name);
        var credentials = new KeyVaultCredentials(_vault.Client(), new FaultyTime());

        await Assert.ThrowsAsync<ArgumentException>(() =>
            credentials
                .FindOlderCertificateAsync(Certificate, credential!, TestContext.Current.CancellationToken)
                .AsTask()
        );
    }

    private sealed class FaultyTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            _ = Enum.Parse<DayOfWeek>("OUR-OWN-BUG");
            return default;
        }
    }

    [Fact]
    public async Task A_secret_is_cached_for_five_minutes()
    {
        _vault.Add(Name.Name, Secret);

        await FindAsync(Name);
        _time.Advance(TimeSpan.FromSeconds(299));
        await FindAsync(Name);
        var within = _vault.Calls.Count;
        _time.Advance(TimeSpan.FromSeconds(1));
        await FindAsync(Name);

        Assert.Equal(1, within);
        Assert.Equal(2, _vault.Calls.Count);
    }

    [Fact]
    public async Task The_newest_is_read_at_once_where_it_is_asked_for_and_serves_from_then_on()
    {
        var first = _vault.Add(Name.Name, Secret);
        await FindAsync(Name);
        var second = _vault.Add(Name.Name, SuiteLog.Guard("a-rotated-client-secret"));

        var cached = await FindAsync(Name);
        var newest = await FindAsync(Name, newest: true);
        var later = await FindAsync(Name);

        Assert.Equal(
            [first.Version, second.Version, second.Version],
            new[] { cached, newest, later }.Select(credential => credential!.Version)
        );
    }

    [Fact]
    public async Task A_cached_secret_that_expires_meanwhile_is_read_anew()
    {
        _vault.Add(Name.Name, Secret, exp: TestTime.Noon.AddMinutes(1));
        await FindAsync(Name);
        _time.Advance(TimeSpan.FromMinutes(1));

        var failure = await Bench.FailureAsync(() => FindAsync(Name));

        Assert.Equal(FailureKind.CredentialMissing, failure.Kind);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task The_last_known_secret_serves_while_the_vault_is_down_but_is_never_passed_off_as_the_newest(
        int status
    )
    {
        _vault.Add(Name.Name, Secret);
        await FindAsync(Name);
        _vault.Refuse(Endpoints.Get, status);
        _time.Advance(TimeSpan.FromHours(5));

        var known = await FindAsync(Name);
        var failure = await Bench.FailureAsync(() => FindAsync(Name, newest: true));

        Assert.Equal(Secret, known!.Secret.Reveal());
        Assert.Equal(FailureKind.VaultUnavailable, failure.Kind);
    }

    [Theory]
    [InlineData(401, FailureKind.VaultAccessDenied)]
    [InlineData(403, FailureKind.VaultAccessDenied)]
    [InlineData(429, FailureKind.VaultUnavailable)]
    [InlineData(503, FailureKind.VaultUnavailable)]
    public async Task Without_a_known_secret_the_vaults_answer_is_the_failure(int status, FailureKind expected)
    {
        _vault.Refuse(Endpoints.Get, status);

        var failure = await Bench.FailureAsync(() => FindAsync(Name));

        Assert.Equal(expected, failure.Kind);
    }

    [Fact]
    public async Task A_denial_is_not_covered_up_by_what_was_known()
    {
        _vault.Add(Name.Name, Secret);
        await FindAsync(Name);
        _vault.Refuse(Endpoints.Get, 403);
        _time.Advance(TimeSpan.FromMinutes(5));

        var failure = await Bench.FailureAsync(() => FindAsync(Name));

        Assert.Equal(FailureKind.VaultAccessDenied, failure.Kind);
    }

    [Fact]
    public async Task An_absent_secret_is_missing_unless_it_is_optional()
    {
        var optional = await FindAsync(Optional);
        var failure = await Bench.FailureAsync(() => FindAsync(Name));

        Assert.Null(optional);
        Assert.Equal(FailureKind.CredentialMissing, failure.Kind);
        Assert.Contains("acronis-default-client-secret", failure.Detail, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Unusable =>
        new()
        {
            { "disabled", "is disabled" },
            { "expired", "expired at 2026-11-22 12:00:00Z" },
            { "early", "is not valid before 2026-11-22 12:00:01Z" },
            { "empty", "is empty" },
            { "line end", "is empty" },
        };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task A_secret_that_is_not_to_be_used_is_a_missing_credential(string how, string detail)
    {
        _vault.Add(
            Name.Name,
            how switch
            {
                "empty" => "",
                "line end" => "\n",
                _ => Secret,
            },
            exp: how == "expired" ? TestTime.Noon : null,
            nbf: how == "early" ? TestTime.Noon.AddSeconds(1) : null,
            enabled: how != "disabled"
        );

        var failure = await Bench.FailureAsync(() => FindAsync(Name));

        Assert.Equal(FailureKind.CredentialMissing, failure.Kind);
        Assert.Contains(detail, failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_certificate_comes_with_its_key_by_one_read(string format)
    {
        using var certificate = TestCertificates.Rsa();
        _vault.Add(
            Certificate.Name,
            format == "pem" ? TestCertificates.Pem(certificate) : TestCertificates.Pkcs12(certificate)
        );

        var credential = await FindAsync(Certificate);

        using var key = credential!.Certificate!.GetRSAPrivateKey();
        Assert.Equal(certificate.Thumbprint, credential.Certificate!.Thumbprint);
        Assert.NotEmpty(key!.SignData([1], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal(new DateTimeOffset(certificate.NotAfter), credential.ExpiresAt);
        Assert.Single(_vault.Calls);
    }

    [Fact]
    public async Task A_certificate_that_has_not_changed_is_not_unpacked_again_and_one_that_has_is()
    {
        using var first = TestCertificates.Rsa();
        using var second = TestCertificates.Rsa();
        _vault.Add(Certificate.Name, TestCertificates.Pkcs12(first));

        var before = await FindAsync(Certificate, newest: true);
        var unchanged = await FindAsync(Certificate, newest: true);
        _vault.Add(Certificate.Name, TestCertificates.Pkcs12(second));
        var changed = await FindAsync(Certificate, newest: true);

        Assert.Same(before, unchanged);
        Assert.Equal(second.Thumbprint, changed!.Certificate!.Thumbprint);
        Assert.Equal(3, _vault.Calls.Count);
    }

    [Fact]
    public async Task Of_a_chain_in_pem_the_leaf_is_the_certificate()
    {
        using var leaf = TestCertificates.Rsa();
        using var issuer = TestCertificates.Rsa();
        _vault.Add(Certificate.Name, TestCertificates.Pem(leaf) + issuer.ExportCertificatePem() + "\n");

        var credential = await FindAsync(Certificate);

        Assert.Equal(leaf.Thumbprint, credential!.Certificate!.Thumbprint);
    }

    public static TheoryData<string> Worthless =>
        ["text", "base64", "pem without key", "pem nonsense", "ec", "ec pem", "small", "empty", "password"];

    [Theory]
    [MemberData(nameof(Worthless))]
    public async Task What_is_no_certificate_with_a_usable_rsa_key_is_a_missing_credential(string what)
    {
        using var certificate = what.StartsWith("ec", StringComparison.Ordinal)
            ? TestCertificates.Ec()
            : TestCertificates.Rsa(key: what == "small" ? RSA.Create(1024) : null);
        _vault.Add(
            Certificate.Name,
            what switch
            {
                "text" => "no certificate at all",
                "base64" => "AAAA",
                "pem without key" => certificate.ExportCertificatePem(),
                "pem nonsense" => "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
                    + certificate.ExportCertificatePem(),
                "ec pem" => TestCertificates.Pem(certificate),
                "empty" => "",
                "password" => Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12, "a password")),
                _ => TestCertificates.Pkcs12(certificate),
            }
        );

        var failure = await Bench.FailureAsync(() => FindAsync(Certificate));

        Assert.Equal(FailureKind.CredentialMissing, failure.Kind);
        Assert.Contains("avepoint-default", failure.Detail, StringComparison.Ordinal);
    }

    public static TheoryData<string> NotNow => ["disabled", "expired", "early", "exp", "nbf"];

    [Theory]
    [MemberData(nameof(NotNow))]
    public async Task A_newest_version_that_is_not_valid_now_gives_way_to_the_next_valid_one(string why)
    {
        using var oldest = TestCertificates.Rsa();
        using var older = TestCertificates.Rsa();
        using var newest = TestCertificates.Rsa(
            from: why == "early" ? TestTime.Noon.AddDays(1) : null,
            until: why == "expired" ? TestTime.Noon.AddSeconds(-1) : null
        );
        _vault.Add(Certificate.Name, TestCertificates.Pkcs12(oldest));
        var valid = _vault.Add(Certificate.Name, TestCertificates.Pem(older));
        AddSpoilt(TestCertificates.Pkcs12(newest), why);

        var credential = await FindAsync(Certificate);

        Assert.Equal(older.Thumbprint, credential!.Certificate!.Thumbprint);
        Assert.Equal(valid.Version, credential.Version);
        Assert.Contains(_vault.Calls, call =>
            call.StartsWith("GET /secrets/avepoint-default/versions", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task With_no_version_that_is_valid_now_the_certificate_is_missing()
    {
        using var certificate = TestCertificates.Rsa(until: TestTime.Noon);
        _vault.Add(Certificate.Name, TestCertificates.Pkcs12(certificate));
        _vault.Add(Certificate.Name, TestCertificates.Pkcs12(certificate), enabled: false);

        var failure = await Bench.FailureAsync(() => FindAsync(Certificate));

        Assert.Equal(FailureKind.CredentialMissing, failure.Kind);
        Assert.Contains("expired at 2026-11-22 12:00:00Z", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_certificate_is_missing()
    {
        var failure = await Bench.FailureAsync(() => FindAsync(Certificate));

        Assert.Equal(FailureKind.CredentialMissing, failure.Kind);
        Assert.Contains("no certificate named avepoint-default", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("disabled", 0)]
    [InlineData("exp", 0)]
    public async Task Before_a_refused_certificate_comes_the_newest_other_version_that_is_valid(
        string? spoilt,
        int expected
    )
    {
        using var certificate = TestCertificates.Rsa();
        _vault.Add(Certificate.Name, TestCertificates.Pkcs12(certificate));
        AddSpoilt(TestCertificates.Pem(certificate), spoilt);
        _vault.Add(Certificate.Name, TestCertificates.Pkcs12(certificate));
        var versions = _vault.Secrets.Versions(Certificate.Name);
        var refused = await FindAsync(Certificate);

        var older = await _credentials.FindOlderCertificateAsync(
            Certificate,
            refused!,
            TestContext.Current.CancellationToken
        );

        Assert.Equal((versions[2].Version, versions[expected].Version), (refused!.Version, older?.Version));
        Assert.NotNull(older!.Certificate);
    }

    [Fact]
    public async Task Before_the_only_version_comes_none()
    {
        using var certificate = TestCertificates.Rsa();
        _vault.Add(Certificate.Name, TestCertificates.Pkcs12(certificate));
        var refused = await FindAsync(Certificate);

        Assert.Null(
            await _credentials.FindOlderCertificateAsync(Certificate, refused!, TestContext.Current.CancellationToken)
        );
    }

    private void AddSpoilt(string certificate, string? how) =>
        _vault.Add(
            Certificate.Name,
            certificate,
            exp: how == "exp" ? TestTime.Noon : null,
            nbf: how == "nbf" ? TestTime.Noon.AddHours(1) : null,
            enabled: how != "disabled"
        );

    private async Task<Credential?> FindAsync(CredentialName name, bool newest = false) =>
        await _credentials.FindAsync(name, newest, TestContext.Current.CancellationToken);
}
