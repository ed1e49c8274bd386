using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Emulators.Tests;

public sealed class EmulatedCredentialsTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Secrets_differ_from_run_to_run_unless_a_seed_replays_them()
    {
        var first = EmulatedCredentials.Generate(_time);
        var second = EmulatedCredentials.Generate(_time);
        var seeded = EmulatedCredentials.Generate(_time, seed: 7);
        var replayed = EmulatedCredentials.Generate(_time, seed: 7);

        Assert.NotEqual(first.VeeamPassword, second.VeeamPassword);
        Assert.Equal(seeded.VeeamPassword, replayed.VeeamPassword);
        Assert.NotEqual(seeded.AcronisClientSecret, seeded.AcronisCyberAppClientSecret);
        Assert.Equal(first.AcronisClientId, second.AcronisClientId);
    }

    [Fact]
    public void Any_value_can_be_overridden()
    {
        var credentials = EmulatedCredentials.Generate(_time) with { BackupNetClientSecret = "mine" };

        Assert.Contains(credentials.VaultSecrets(), static secret =>
            secret is { Name: "backupnet-default-client-secret", Value: "mine" }
        );
    }

    [Fact]
    public void The_certificate_comes_as_the_vault_gives_it_out()
    {
        var credentials = EmulatedCredentials.Generate(_time);

        var secret = credentials.VaultSecrets().Single(static secret => secret.Name == "avepoint-default");
        using var certificate = X509CertificateLoader.LoadPkcs12(
            Convert.FromBase64String(secret.Value),
            password: null
        );

        Assert.True(certificate.HasPrivateKey);
        Assert.Equal(2048, certificate.GetRSAPublicKey()!.KeySize);
        Assert.Equal(credentials.AvePointCertificate.Thumbprint, certificate.Thumbprint);
        Assert.Equal(_time.GetUtcNow().AddDays(-1), secret.NotBefore);
        Assert.Equal(_time.GetUtcNow().AddDays(365), secret.ExpiresOn);
    }

    [Fact]
    public void The_TOTP_secret_is_Base32_without_padding() =>
        Assert.Matches("^[A-Z2-7]{26}$", EmulatedCredentials.Generate(_time).VeeamTotpSecret);

    [Fact]
    public void Nothing_secret_prints()
    {
        var credentials = EmulatedCredentials.Generate(_time);

        var printed = $"{credentials} {credentials.VaultSecrets()[0]}";

        Assert.DoesNotContain(credentials.AcronisClientSecret, printed, StringComparison.Ordinal);
        Assert.Contains("[redacted]", printed, StringComparison.Ordinal);
    }
}
