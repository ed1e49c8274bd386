using System.Security.Cryptography;
using BackupFunctions.Check;
using BackupFunctions.Credentials;
using BackupFunctions.Emulators;
using BackupFunctions.Settings;
using BackupFunctions.Testing;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Core.Tests.Check;

public sealed class CredentialCheckTests
{
    private static readonly Finding Any = new(FindingType.CredentialMissing, "acronis/default", "Any.", "Any remedy.");
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Existing_credentials_are_good_and_named_with_their_expiry()
    {
        await using var world = await CheckWorld.StartAsync();

        var report = await world.LookAsync();

        Assert.Equal(
            "acronis-default-client-secret found; no expiry date.",
            report.One("credential-good", "acronis/default").Sentence
        );
        Assert.Contains(
            $"expires on {world.Emulators.Credentials.AvePointCertificate.NotAfter.ToUniversalTime():yyyy-MM-dd}",
            report.One("credential-good", "avepoint/default").Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal(2, report.Ids("veeam/default").Count(id => id == "credential-good"));
    }

    [Theory]
    [InlineData(29, "credential-expiring", 1)]
    [InlineData(31, "credential-good", 0)]
    public async Task A_secret_that_expires_within_thirty_days_is_a_warning(int days, string id, int exitStatus)
    {
        await using var world = await CheckWorld.StartAsync();
        Save(world, "acronis-default-client-secret", expiresOn: Now.AddDays(days).AddHours(1));

        var report = await world.LookAsync("acronis");

        Assert.Contains(
            "acronis-default-client-secret",
            report.One(id, "acronis/default").Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal(exitStatus, report.ExitStatus);
    }

    [Fact]
    public async Task The_warning_about_a_certificate_states_the_days_left()
    {
        await using var world = await CheckWorld.StartAsync();
        using var certificate = EmulatedCredentials.NewCertificate(
            TimeProvider.System,
            "CN=next",
            TimeSpan.FromDays(18.5)
        );
        world.Emulators.Vault.Secrets.Seed([EmulatedCredentials.CertificateSecret("avepoint-default", certificate)]);

        var finding = (await world.LookAsync("avepoint")).One("credential-expiring", "avepoint/default");

        Assert.StartsWith(
            "The certificate avepoint-default expires in 18 days, on ",
            finding.Sentence,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            $"{certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}.",
            finding.Sentence,
            StringComparison.Ordinal
        );
        Assert.Contains("Register the next one at the vendor", finding.Remedy!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "otpauth://totp/ URI")]
    [InlineData("GEZDGNBV", "is too short")]
    [InlineData("123456-the-code-of-today", "is not Base32 text")]
    public async Task A_totp_secret_that_gives_no_code_is_an_error_before_it_locks_an_account(string text, string words)
    {
        await using var world = await CheckWorld.StartAsync();
        Save(world, "veeam-default-totp-secret", value: SuiteLog.Guard(text));

        var report = await world.CheckAsync(new CheckRequest { Vendor = "veeam" });

        var finding = report.One("credential-unusable", "veeam/default");
        Assert.Equal(FindingLevel.Error, finding.Type.Level);
        Assert.Contains(words, finding.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(text, finding.Sentence, StringComparison.Ordinal);
        Assert.Equal(
            "sign-in-left-out",
            Assert.Single(report.Ids("veeam/default"), id => id.StartsWith("sign-in", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("a-secret-with-a-space ", "a space at its beginning or end")]
    [InlineData("a-secret-with\u200ba-zero-width-space", "a zero-width space (U+200B)")]
    [InlineData("\"a-secret-in-quotes\"", "quotes around it")]
    [InlineData("'a-secret-in-single-quotes'", "quotes around it")]
    public async Task What_was_copied_along_with_a_secret_is_a_warning(string text, string words)
    {
        await using var world = await CheckWorld.StartAsync();
        Save(world, "backupnet-default-client-secret", value: SuiteLog.Guard(text));

        var finding = (await world.LookAsync("backupnet")).One("credential-stray", "backupnet/default");

        Assert.Equal(FindingLevel.Warning, finding.Type.Level);
        Assert.Contains(words, finding.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(text, finding.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("absent", "has no secret named backupnet-default-client-secret.")]
    [InlineData("disabled", "is disabled in the vault.")]
    [InlineData("expired", "expired at ")]
    [InlineData("not yet", "is not valid before ")]
    [InlineData("empty", "is empty.")]
    public async Task An_unusable_secret_is_an_error_and_its_connection_is_not_signed_in(string how, string words)
    {
        await using var world = await CheckWorld.StartAsync();
        const string Name = "backupnet-default-client-secret";
        switch (how)
        {
            case "absent":
                world.Emulators.Vault.Secrets.Delete(Name);
                break;
            case "disabled":
                world.Emulators.Vault.Secrets.Disable(Name);
                break;
            case "expired":
                Save(world, Name, expiresOn: Now.AddDays(-1));
                break;
            case "not yet":
                Save(world, Name, notBefore: Now.AddDays(1));
                break;
            default:
                Save(world, Name, value: "\n");
                break;
        }

        var report = await world.CheckAsync(new CheckRequest { Vendor = "backupnet" });

        var finding = report.One("credential-missing", "backupnet/default");
        Assert.Equal(FindingLevel.Error, finding.Type.Level);
        Assert.Contains(words, finding.Sentence, StringComparison.Ordinal);
        Assert.Equal("EmbeddedVault__Secrets__backupnet_default_client_secret=<its value>", finding.Command);
        Assert.Equal(
            "Skipped, because a credential is missing.",
            report.One("sign-in-left-out", "backupnet/default").Sentence
        );
        Assert.Equal(0, world.TokenRequests);
    }

    [Fact]
    public async Task A_certificate_with_too_short_a_key_is_an_error()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["Connections:AvePoint:default:CertificateName"] = "short-key" }
        );
        using var certificate = TestCertificates.Rsa(Now.AddDays(-1), Now.AddYears(1), RSA.Create(1024));
        world.Emulators.Vault.Secrets.Seed([EmulatedCredentials.CertificateSecret("short-key", certificate)]);

        var finding = (await world.LookAsync("avepoint")).One("credential-missing", "avepoint/default");

        Assert.Contains("has an RSA key of 1024 bits", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_optional_secret_may_be_absent()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Vault.Secrets.Delete("veeam-default-totp-secret");

        var report = await world.LookAsync("veeam");

        Assert.Contains(
            "veeam-default-totp-secret",
            report.One("credential-not-there", "veeam/default").Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal(0, report.ExitStatus);
    }

    [Fact]
    public async Task A_secret_that_alone_is_denied_is_reported_alone()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Vault.Deny(Endpoints.Get, "veeam-default-*");

        var report = await world.LookAsync();

        Assert.All(report.Findings.Where(finding => finding.Type.Id == "credential-unread"), finding =>
            Assert.Equal("veeam/default", finding.Subject)
        );
        Assert.Equal(2, report.Ids("veeam/default").Count(id => id == "credential-unread"));
        Assert.Contains("credential-good", report.Ids("acronis/default"));
    }

    [Theory]
    [InlineData(false, null, "az keyvault secret set --vault-name contoso-backup --name the-name --file secret.txt")]
    [InlineData(
        true,
        null,
        "az keyvault certificate import --vault-name contoso-backup --name the-name --file certificate.pfx"
    )]
    [InlineData(
        false,
        "clientSecret",
        "az keyvault secret set --vault-name contoso-backup --name the-name "
            + "--file connection.json --content-type application/vnd.backupfunctions.connection+json"
    )]
    public void The_command_to_save_a_credential_names_the_real_vault(
        bool isCertificate,
        string? member,
        string command
    ) =>
        Assert.Equal(
            command,
            Commands("https://contoso-backup.vault.azure.net")
                .WithSave(Any, new CredentialName("the-name", isCertificate) { Member = member })
                .Command
        );

    [Fact]
    public void No_command_is_given_for_an_emulated_vault_in_another_process() =>
        Assert.Equal(Any, Commands("https://127.0.0.1:7443").WithSave(Any, new CredentialName("the-name")));

    private static AzureCommands Commands(string vault) =>
        new(Options.Create(new BackupFunctionsOptions { VaultUri = new Uri(vault) }));

    private static void Save(
        CheckWorld world,
        string name,
        string? value = null,
        DateTimeOffset? expiresOn = null,
        DateTimeOffset? notBefore = null
    )
    {
        var secrets = world.Emulators.Vault.Secrets;
        secrets.Seed([
            new EmulatedSecret(name, value ?? secrets.Get(name)!.Value, "text/plain")
            {
                ExpiresOn = expiresOn,
                NotBefore = notBefore,
            },
        ]);
    }
}
