using BackupFunctions.Check.Servers;
using BackupFunctions.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Check;

/// <summary>Registers the checks.</summary>
public static class CheckRegistration
{
    /// <summary>
    /// For a program that only checks: bad settings stop no start but are findings, and whatever does not depend on them is
    /// checked all the same.
    /// </summary>
    /// <param name="builder">What was registered before.</param>
    /// <param name="ofHost">What the host itself has found wrong with its settings: full key, and what would be right.</param>
    public static BackupTokensBuilder FindBadSettings(this BackupTokensBuilder builder, IReadOnlyList<string> ofHost)
    {
        builder.Services.RemoveAll<IValidateOptions<BackupFunctionsOptions>>();
        builder.Services.PostConfigure<BackupFunctionsOptions>(options =>
        {
            options.Findings = [.. options.Findings, .. ofHost];
            options.VaultUri ??= SettingUrl.None;
            options.TokenVaultUri ??= SettingUrl.None;
        });
        return builder;
    }

    internal static IServiceCollection AddCheck(this IServiceCollection services)
    {
        services.TryAddSingleton<CheckLimits>();
        services.AddSingleton<SettingsCheck>();
        services.AddSingleton<VaultCheck>();
        services.AddSingleton<StorageCheck>();
        services.AddSingleton<ConnectionCheck>();
        services.AddSingleton<CredentialCheck>();
        services.AddSingleton<ServerCertificateCheck>();
        services.AddSingleton<ServerCheck>();
        services.AddSingleton<SignInFindings>();
        services.AddSingleton<SavedTokenCheck>();
        services.AddSingleton<SignInCheck>();
        services.AddSingleton<ConnectionCheckPlan>();
        services.AddSingleton(provider => new CheckRunner(
            provider.GetRequiredService<SettingsCheck>(),
            provider.GetRequiredService<VaultCheck>(),
            provider.GetRequiredService<StorageCheck>(),
            provider.GetRequiredService<ConnectionCheck>(),
            provider.GetRequiredService<ConnectionCheckPlan>(),
            provider.GetRequiredService<CheckLimits>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CheckRunner>>()
        ));
        return services;
    }
}
