using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Core.Tests.KeyVault;

public sealed class VaultWarmUpTests
{
    [Fact]
    public async Task The_vault_is_asked_once_and_no_secret_of_it()
    {
        await using var suite = await EmulatorSuite.StartAsync();

        await VaultWarmUp.BeginAsync(Settings(suite.Vault.BaseAddress.AbsoluteUri));

        Assert.Equal((1, 1), (suite.Vault.Counters[Endpoints.Unknown], suite.Vault.Counters.Total));
    }

    [Fact]
    public async Task A_vault_of_its_own_for_tokens_is_asked_too()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        await using var tokens = await EmulatorSuite.StartAsync();
        var settings = Settings(suite.Vault.BaseAddress.AbsoluteUri);
        settings["KeyVault:TokenVaultUri"] = tokens.Vault.BaseAddress.AbsoluteUri;

        await VaultWarmUp.BeginAsync(settings);

        Assert.Equal((1, 1), (suite.Vault.Counters.Total, tokens.Vault.Counters.Total));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no address")]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("https://127.0.0.1:1/")]
    public async Task A_vault_that_is_not_there_is_no_fault(string? vault)
    {
        var exception = await Record.ExceptionAsync(() => VaultWarmUp.BeginAsync(Settings(vault)));

        Assert.Null(exception);
    }

    private static IConfiguration Settings(string? vault) =>
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("KeyVault:VaultUri", vault)]).Build();
}
