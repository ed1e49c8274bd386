using System.Net;
using System.Net.Sockets;

namespace BackupFunctions.Emulators.Tests;

public sealed class EmulatorSuiteTests
{
    [Fact]
    public async Task Starts_all_on_the_loopback_and_tells_a_client_how_to_reach_them()
    {
        await using var suite = await EmulatorSuite.StartAsync(
            Station.Options(out _),
            TestContext.Current.CancellationToken
        );

        var settings = suite.ClientSettings();

        Assert.Equal(6 + suite.Catalogue.Count, suite.Emulators.Count);
        Assert.All(suite.Emulators, static emulator => Assert.Equal("127.0.0.1", emulator.BaseAddress.Host));
        Assert.Equal(
            suite.Emulators.Count,
            suite.Emulators.Select(static emulator => emulator.BaseAddress.Port).Distinct().Count()
        );
        Assert.Equal("https", suite.Vault.BaseAddress.Scheme);
        Assert.Equal("https", suite.Veeam.BaseAddress.Scheme);
        Assert.Equal(suite.Vault.BaseAddress.ToString(), settings["KeyVault:VaultUri"]);
        Assert.Equal(suite.Acronis.BaseAddress.ToString(), settings["Connections:Acronis:default:DataCenterUrl"]);
        Assert.Equal(suite.AcronisCyberApp.ClientId, settings["Connections:AcronisCyberApp:default:ClientId"]);
        Assert.Equal(
            suite.AvePoint.BaseAddress.ToString(),
            settings["Connections:AvePoint:default:IdentityServiceUrl"]
        );
        Assert.Equal(suite.BackupNet.BaseAddress.ToString(), settings["Connections:BackupNet:default:Authority"]);
        Assert.Equal(suite.Veeam.CertificateSha256, settings["Connections:Veeam:default:ServerCertificateSha256"]);
        Assert.DoesNotContain("KeyVault:TokenVaultUri", settings.Keys);
    }

    [Fact]
    public async Task The_vault_holds_what_the_vendors_accept()
    {
        await using var suite = await EmulatorSuite.StartAsync(
            Station.Options(out _),
            TestContext.Current.CancellationToken
        );

        var secrets = suite.Vault.Secrets;

        var ofTheCatalogue = suite
            .Catalogue.Cast<ICatalogueEmulator>()
            .SelectMany(emulator => emulator.ConnectionSecrets)
            .Select(secret => secret.Name)
            .ToList();
        Assert.NotEmpty(ofTheCatalogue);
        Assert.Equal(
            new[]
            {
                "acronis-cyberapp-default-client-secret",
                "acronis-default-client-secret",
                "avepoint-default",
                "backupnet-default-client-secret",
                "veeam-default-password",
                "veeam-default-totp-secret",
            }
                .Concat(ofTheCatalogue)
                .Order(StringComparer.Ordinal),
            secrets.Names
        );
        Assert.Equal(suite.Acronis.ClientSecret, secrets.Get("acronis-default-client-secret")!.Value);
        Assert.Equal(suite.AcronisCyberApp.ClientSecret, secrets.Get("acronis-cyberapp-default-client-secret")!.Value);
        Assert.Equal(suite.BackupNet.ClientSecret, secrets.Get("backupnet-default-client-secret")!.Value);
        Assert.Equal(suite.Veeam.Password, secrets.Get("veeam-default-password")!.Value);
        Assert.Equal(suite.Veeam.TotpSecret, secrets.Get("veeam-default-totp-secret")!.Value);
        Assert.Equal("application/x-pkcs12", secrets.Get("avepoint-default")!.ContentType);
        Assert.Equal(0, secrets.Writes);
    }

    [Fact]
    public async Task Access_tokens_can_have_a_vault_of_their_own()
    {
        var options = Station.Options(out _);
        options.SeparateTokenVault = true;
        await using var suite = await EmulatorSuite.StartAsync(options, TestContext.Current.CancellationToken);

        Assert.Equal(suite.TokenVault!.BaseAddress.ToString(), suite.ClientSettings()["KeyVault:TokenVaultUri"]);
        Assert.NotEqual(suite.Vault.BaseAddress, suite.TokenVault.BaseAddress);
        Assert.Empty(suite.TokenVault.Secrets.Names);
    }

    [Fact]
    public async Task A_taken_port_stops_the_start_and_frees_the_others()
    {
        using var blocker = new TcpListener(IPAddress.Loopback, 0);
        blocker.Start();
        var taken = ((IPEndPoint)blocker.LocalEndpoint).Port;
        var options = Station.Options(out _);
        options.Ports = EmulatorPorts.Free with { Veeam = taken };

        var failure = await Assert.ThrowsAsync<IOException>(() =>
            EmulatorSuite.StartAsync(options, TestContext.Current.CancellationToken)
        );

        Assert.Contains($"{taken}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_appliance_answers_at_its_plain_port_too()
    {
        var options = Station.Options(out _);
        options.Ports = EmulatorPorts.Free with { VeeamPlain = 0 };
        await using var suite = await EmulatorSuite.StartAsync(options, TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = suite.VeeamPlainAddress };

        using var reply = await client.GetAsync("/api/v8/policies", TestContext.Current.CancellationToken);

        Assert.Equal(
            ("http", "127.0.0.1", "https"),
            (suite.VeeamPlainAddress!.Scheme, suite.VeeamPlainAddress.Host, suite.Veeam.BaseAddress.Scheme)
        );
        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
        Assert.Equal(1, suite.Veeam.Counters[Endpoints.Api]);
    }

    [Fact]
    public async Task A_suite_opens_no_plain_port_unasked()
    {
        await using var suite = await EmulatorSuite.StartAsync(
            Station.Options(out _),
            TestContext.Current.CancellationToken
        );

        Assert.Null(suite.VeeamPlainAddress);
    }

    [Fact]
    public void Ports_follow_each_other_from_the_first() =>
        Assert.Equal(new EmulatorPorts(9000, 9001, 9002, 9003, 9004, 9005, 9006, 9007, 9008), EmulatorPorts.From(9000));

    [Fact]
    public void Knows_nothing_of_the_code_that_it_imitates_the_other_side_of() =>
        Assert.DoesNotContain(typeof(EmulatorSuite).Assembly.GetReferencedAssemblies(), static reference =>
            reference.Name!.StartsWith("BackupFunctions", StringComparison.Ordinal)
        );
}
