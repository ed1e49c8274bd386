using BackupFunctions.Check;
using BackupFunctions.Emulators;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Core.Tests.Check;

public sealed class VaultCheckTests
{
    [Fact]
    public async Task A_vault_that_allows_reading_and_listing_is_good_and_nothing_is_saved_unasked()
    {
        await using var world = await CheckWorld.StartAsync();

        var report = await world.LookAsync();

        Assert.Equal(
            ["vault-get-allowed", "vault-list-allowed", "vault-save-untried", "clock-good"],
            report.Ids($"vault {world.Emulators.Vault.BaseAddress.Authority}")
        );
        Assert.Equal(0, world.Emulators.Vault.Counters[Endpoints.Set]);
        Assert.Contains("--probe-save", report.One("vault-save-untried").Sentence, StringComparison.Ordinal);
        Assert.Equal(0, report.ExitStatus);
    }

    [Fact]
    public async Task If_reading_is_denied_the_data_action_and_the_role_are_named_and_nothing_is_signed_in()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Vault.Deny(Endpoints.Get);

        var report = await world.CheckAsync();

        var finding = report.One("vault-get-denied");
        Assert.Equal(FindingLevel.Error, finding.Type.Level);
        Assert.Contains(
            "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            finding.Sentence,
            StringComparison.Ordinal
        );
        Assert.Contains("Key Vault Secrets Officer", finding.Sentence, StringComparison.Ordinal);
        Assert.Contains(
            "the vault cannot be read",
            report.One("sign-in-left-out", "veeam/default").Sentence,
            StringComparison.Ordinal
        );
        report.One("credentials-unchecked");
        Assert.Equal(0, world.TokenRequests);
    }

    [Fact]
    public async Task If_listing_is_denied_no_secret_can_define_a_connection()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Vault.Deny(Endpoints.List);

        var report = await world.LookAsync();

        Assert.Contains(
            "secrets/readMetadata/action",
            report.One("vault-list-denied").Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal(1, report.ExitStatus);
    }

    [Fact]
    public async Task Listing_is_unneeded_where_secrets_do_not_define_connections()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["KeyVault:ConnectionsInVault"] = "false" }
        );
        world.Emulators.Vault.Deny(Endpoints.List);

        var report = await world.LookAsync();

        report.One("vault-list-unneeded");
        Assert.Equal(0, report.ExitStatus);
    }

    [Fact]
    public async Task Two_vaults_are_checked_separately()
    {
        await using var world = await CheckWorld.StartAsync(options: new EmulatorOptions { SeparateTokenVault = true });
        world.Emulators.TokenVault!.Deny(Endpoints.Get);
        world.Emulators.TokenVault.Deny(Endpoints.List);

        var report = await world.LookAsync();

        var tokens = $"token vault {world.Emulators.TokenVault.BaseAddress.Authority}";
        Assert.Contains(
            "vault-get-allowed",
            report.Ids($"credential vault {world.Emulators.Vault.BaseAddress.Authority}")
        );
        Assert.Equal(
            ["vault-get-denied", "vault-list-unneeded", "vault-save-untried", "clock-good"],
            report.Ids(tokens)
        );
        Assert.Contains("credential-good", report.Ids("acronis/default"));
    }

    [Fact]
    public async Task Saving_is_tried_on_request_with_a_disabled_secret_that_states_its_purpose()
    {
        await using var world = await CheckWorld.StartAsync();

        var report = await world.CheckAsync(new CheckRequest { SignsIn = false, ProbesSaving = true });

        report.One("vault-save-allowed");
        var saved = world.Emulators.Vault.Secrets.Get(VaultCheck.ProbeName)!;
        Assert.False(saved.Enabled);
        Assert.Contains("may be deleted", saved.Tags["purpose"], StringComparison.Ordinal);
        Assert.Equal(1, world.Emulators.Vault.Counters[Endpoints.Set]);
    }

    [Fact]
    public async Task A_denied_save_is_an_error()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Vault.Deny(Endpoints.Set);

        var report = await world.CheckAsync(new CheckRequest { SignsIn = false, ProbesSaving = true });

        Assert.Contains("secrets/setSecret/action", report.One("vault-save-denied").Sentence, StringComparison.Ordinal);
        Assert.Equal(2, report.ExitStatus);
    }

    [Fact]
    public async Task A_host_with_a_wrong_clock_is_a_warning_that_names_the_direction()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Vault.ClockOffset = TimeSpan.FromMinutes(-10);

        var vault = world.Emulators.Vault.BaseAddress;
        var finding = (await world.LookAsync()).One("clock-off", $"vault {vault.Authority}");

        Assert.Equal(
            $"This host's clock is 10 min ahead of that of {vault.Host}. Tokens are not "
                + "affected, because the app goes by the vault's time.",
            finding.Sentence
        );
        Assert.StartsWith("Set this host's clock", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_clock_is_wrong_is_told_apart_from_a_host_whose_clock_is()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Vault.ClockOffset = TimeSpan.FromMinutes(-10);
        world.Emulators.Acronis.ClockOffset = TimeSpan.FromMinutes(-10);
        world.Emulators.Veeam.ClockOffset = TimeSpan.FromMinutes(-20);

        var report = await world.LookAsync();

        Assert.Equal(
            ["clock-good"],
            report.Ids("acronis/default").Where(id => id.StartsWith("clock", StringComparison.Ordinal))
        );
        Assert.EndsWith(
            "is 10 min behind.",
            report.One("clock-off", "veeam/default").Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_is_unreachable_and_servers_are_still_checked()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Vault.Faults.Add("*", Fault.Reset());

        var report = await world.LookAsync();

        Assert.Equal(FindingLevel.Error, report.One("vault-unreachable").Type.Level);
        Assert.Contains("server-reached", report.Ids("veeam/default"));
    }

    [Theory]
    [InlineData(
        "Firewall",
        "vault-firewall",
        "az keyvault network-rule add --name contoso-backup --ip-address <this host's address>"
    )]
    [InlineData("NoIdentity", "vault-identity", "az login")]
    [InlineData("Unreachable", "vault-unreachable", "nslookup contoso-backup.vault.azure.net")]
    [InlineData(
        "Denied",
        "vault-get-denied",
        "az role assignment create --role \"Key Vault Secrets Officer\" "
            + "--assignee 8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11 "
            + "--scope \"$(az keyvault show --name contoso-backup --query id --output tsv)\""
    )]
    public async Task Every_obstacle_at_a_real_vault_has_its_command(string access, string id, string command)
    {
        var vault = new StubProbe(
            new VaultProbeResult(Enum.Parse<VaultAccess>(access), "It is so.")
            {
                Caller = Guid.Parse("8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11"),
            }
        );
        await using var world = await CheckWorld.StartAsync();
        var check = ActivatorUtilities.CreateInstance<VaultCheck>(world.Services, (IReadOnlyList<IVaultProbe>)[vault]);

        var findings = await check.Steps(new CheckRequest()).Single().RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            (id, "vault contoso-backup", command),
            (findings[0].Type.Id, findings[0].Subject, findings[0].Command)
        );
    }

    private sealed class StubProbe(VaultProbeResult result) : IVaultProbe
    {
        public Uri Address { get; } = new("https://contoso-backup.vault.azure.net");

        public Task<VaultProbeResult> GetAsync(string secret, CancellationToken cancellationToken) =>
            Task.FromResult(result);

        public Task<VaultProbeResult> ListAsync(CancellationToken cancellationToken) => Task.FromResult(result);

        public Task<VaultProbeResult> SaveAsync(string secret, CancellationToken cancellationToken) =>
            Task.FromResult(result);
    }
}
