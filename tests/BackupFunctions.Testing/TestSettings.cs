using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Testing;

/// <summary>Settings for services whose vault is a stand-in.</summary>
public static class TestSettings
{
    /// <summary>The one setting that a host cannot do without.</summary>
    public static IConfiguration OnlyVault { get; } =
        new ConfigurationBuilder()
            .AddInMemoryCollection([
                KeyValuePair.Create("KeyVault:VaultUri", (string?)"https://stand-in.vault.azure.net"),
            ])
            .Build();
}
