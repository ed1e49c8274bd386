using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Credentials;
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

    private readonly StubVault _vault = new("credentials");
    private readonly QuickTime _time = new();
    private readonly KeyVaultCredentials _credentials;

    public KeyVaultCredentialsTests() => _credentials = new KeyVaultCredentials(_vault.Client(), _time);

    public static TheoryData<string> Formats => ["pkcs12", "pem"];

    [Fact]
    public async Task A_secret_comes_with_its_version_and_without_a_line_end_at_its_end()
    {
        _vault.With(Name.Name, Secret + "\r\n");

        var credential = await FindAsync(Name);

        Assert.Equal(Secret, credential!.Secret.Reveal());
        Assert.Equal("version001", credential.Version);
        Assert.DoesNotContain(Secret, credential.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            ["GET /secrets/acronis-default-client-secret/"],
            _vault.Calls.Select(call => call.TrimEnd('/') + "/")
        );
    }

    [Fact]
    public async Task A_fault_of_our_own_is_not_reported_as_the_vaults()
    {
        _vault.With(Name.Name, Secret);
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
        _vault.With(Name.Name, Secret);

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
        _vault.With(Name.Name, Secret);
        await FindAsync(Name);
        _vault.With(Name.Name, SuiteLog.Guard("a-rotated-client-secret"));

        var cached = await FindAsync(Name);
        var newest = await FindAsync(Name, newest: true);
        var later = await FindAsync(Name);

        Assert.Equal(
            ["version001", "version002", "version002"],
            new[] { cached, newest, later }.Select(credential => credential!.Version)
        );
    }

    [Fact]
    public async Task A_cached_secret_that_expires_meanwhile_is_read_anew()
    {
        _vault.With(Name.Name, Secret, attributes: attributes =>
            attributes["exp"] = QuickTime.Noon.AddMinutes(1).ToUnixTimeSeconds()
        );
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
        _vault.With(Name.Name, Secret);
        await FindAsync(Name);
        _vault.Instead = _ => StubVault.Error(status, "Down");
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
        _vault.Instead = _ => StubVault.Error(status, "Whatever");

        var failure = await Bench.FailureAsync(() => FindAsync(Name));

        Assert.Equal(expected, failure.Kind);
    }

    [Fact]
    public async Task A_denial_is_not_covered_up_by_what_was_known()
    {
        _vault.With(Name.Name, Secret);
        await FindAsync(Name);
        _vault.Instead = _ => StubVault.Error(403, "Forbidden");
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
        _vault.With(
            Name.Name,
            how switch
            {
                "empty" => "",
                "line end" => "\n",
                _ => Secret,
            },
            attributes: attributes =>
            {
                if (how == "disabled")
                    attributes["enabled"] = false;
                if (how == "expired")
                    attributes["exp"] = QuickTime.Noon.ToUnixTimeSeconds();
                if (how == "early")
                    attributes["nbf"] = QuickTime.Noon.ToUnixTimeSeconds() + 1;
            }
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
        _vault.With(Certificate.Name, Exported(certificate, format));

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
        _vault.With(Certificate.Name, Exported(first, "pkcs12"));

        var before = await FindAsync(Certificate, newest: true);
        var unchanged = await FindAsync(Certificate, newest: true);
        _vault.With(Certificate.Name, Exported(second, "pkcs12"));
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
        _vault.With(Certificate.Name, Exported(leaf, "pem") + issuer.ExportCertificatePem() + "\n");

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
            : TestCertificates.Rsa(bits: what == "small" ? 1024 : 2048);
        _vault.With(
            Certificate.Name,
            what switch
            {
                "text" => "no certificate at all",
                "base64" => "AAAA",
                "pem without key" => certificate.ExportCertificatePem(),
                "pem nonsense" => "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
                    + certificate.ExportCertificatePem(),
                "ec pem" => Exported(certificate, "pem"),
                "empty" => "",
                "password" => Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12, "a password")),
                _ => Exported(certificate, "pkcs12"),
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
            from: why == "early" ? QuickTime.Noon.AddDays(1) : null,
            until: why == "expired" ? QuickTime.Noon.AddSeconds(-1) : null
        );
        _vault
            .With(Certificate.Name, Exported(oldest, "pkcs12"))
            .With(Certificate.Name, Exported(older, "pem"))
            .With(Certificate.Name, Exported(newest, "pkcs12"), attributes: attributes => Spoil(attributes, why));

        var credential = await FindAsync(Certificate);

        Assert.Equal(older.Thumbprint, credential!.Certificate!.Thumbprint);
        Assert.Equal("version002", credential.Version);
        Assert.Contains(_vault.Calls, call =>
            call.StartsWith("GET /secrets/avepoint-default/versions", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task With_no_version_that_is_valid_now_the_certificate_is_missing()
    {
        using var certificate = TestCertificates.Rsa(until: QuickTime.Noon);
        _vault
            .With(Certificate.Name, Exported(certificate, "pkcs12"))
            .With(Certificate.Name, Exported(certificate, "pkcs12"), attributes: attributes =>
                attributes["enabled"] = false
            );

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
    [InlineData(null, "version002")]
    [InlineData("disabled", "version001")]
    [InlineData("exp", "version001")]
    public async Task Before_a_refused_certificate_comes_the_newest_other_version_that_is_valid(
        string? spoilt,
        string expected
    )
    {
        using var certificate = TestCertificates.Rsa();
        _vault
            .With(Certificate.Name, Exported(certificate, "pkcs12"))
            .With(Certificate.Name, Exported(certificate, "pem"), attributes: attributes =>
                Spoil(attributes, spoilt ?? "")
            )
            .With(Certificate.Name, Exported(certificate, "pkcs12"));
        var refused = await FindAsync(Certificate);

        var older = await _credentials.FindOlderCertificateAsync(
            Certificate,
            refused!,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(("version003", expected), (refused!.Version, older?.Version));
        Assert.NotNull(older!.Certificate);
    }

    [Fact]
    public async Task Before_the_only_version_comes_none()
    {
        using var certificate = TestCertificates.Rsa();
        _vault.With(Certificate.Name, Exported(certificate, "pkcs12"));
        var refused = await FindAsync(Certificate);

        Assert.Null(
            await _credentials.FindOlderCertificateAsync(Certificate, refused!, TestContext.Current.CancellationToken)
        );
    }

    private static void Spoil(JsonObject attributes, string why)
    {
        if (why == "disabled")
            attributes["enabled"] = false;
        if (why == "exp")
            attributes["exp"] = QuickTime.Noon.ToUnixTimeSeconds();
        if (why == "nbf")
            attributes["nbf"] = QuickTime.Noon.AddHours(1).ToUnixTimeSeconds();
    }

    /// <summary>As Key Vault gives it: PKCS #12 in base64 without a password, or PEM with the key before the certificate.</summary>
    private static string Exported(X509Certificate2 certificate, string format)
    {
        if (format != "pem")
        {
            return SuiteLog.Guard(Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12)));
        }

        using AsymmetricAlgorithm key = certificate.GetRSAPrivateKey()
            ?? (AsymmetricAlgorithm)certificate.GetECDsaPrivateKey()!;
        return SuiteLog.Guard($"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n");
    }

    private async Task<Credential?> FindAsync(CredentialName name, bool newest = false) =>
        await _credentials.FindAsync(name, newest, TestContext.Current.CancellationToken);
}
