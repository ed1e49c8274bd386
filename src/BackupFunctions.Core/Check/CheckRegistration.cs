using BackupFunctions.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Check;

/// <summary>Registers the checks.</summary>
public static class CheckRegistration
{
    /// <summary>
    /// For a program that only checks: bad settings become findings instead of stopping the start, and what does not
    /// depend on them is still checked.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="ofHost">Findings about the host's own settings.</param>
    public static BackupTokensBuilder FindBadSettings(
        this BackupTokensBuilder builder,
        IReadOnlyList<SettingFinding> ofHost
    )
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
        services.AddSingleton<AzureCommands>();
        services.AddSingleton<VaultCheck>();
        services.AddSingleton<StorageCheck>();
        services.AddSingleton<OutletCheck>();
        services.AddSingleton<FoundationChecks>();
        services.AddSingleton<ConnectionCheck>();
        services.AddSingleton<CredentialCheck>();
        services.AddSingleton<ServerProbe>();
        services.AddSingleton<ServerCertificateCheck>();
        services.AddSingleton<ServerCheck>();
        services.AddSingleton<SignInFindings>();
        services.AddSingleton<SavedTokenCheck>();
        services.AddSingleton<ApiCallCheck>();
        services.AddSingleton<SignInCheck>();
        services.AddSingleton<CheckPlan>();
        services.AddInternal<CheckRunner>();
        return services;
    }
}
