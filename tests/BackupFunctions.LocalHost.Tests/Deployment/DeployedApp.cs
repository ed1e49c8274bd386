using BackupFunctions.Settings;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>The app with the settings of a deployment, as it would start on Azure.</summary>
internal sealed class DeployedApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public DeployedApp(AzureDeployment deployment)
    {
        Settings = deployment.AppSettings.ToDictionary(
            setting => setting.Key.Replace("__", ":", StringComparison.Ordinal),
            setting => setting.Value,
            StringComparer.Ordinal
        );
        // The platform tells the app so.
        var isAuthenticationOn = deployment.Of("Microsoft.Web/sites/config").Any();
        _services = Build(Settings.Append(new("WEBSITE_AUTH_ENABLED", $"{isAuthenticationOn}")));
    }

    /// <summary>The vendors of this version.</summary>
    public static IReadOnlyList<VendorProfile> Vendors { get; } = ReadVendors();

    /// <summary>The names of the timers that renew their tokens.</summary>
    public static IEnumerable<string> Timers => Vendors.Select(vendor => vendor.TimerName).Distinct();

    public IReadOnlyDictionary<string, string> Settings { get; }

    public BackupFunctionsOptions Options => Service<IOptions<BackupFunctionsOptions>>().Value;

    public T Service<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static IReadOnlyList<VendorProfile> ReadVendors()
    {
        using var services = Build([]);
        return [.. services.GetServices<VendorProfile>()];
    }

    private static ServiceProvider Build(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings!).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddBackupTokens(configuration).AddKeyVault().AddVendors();
        return services.BuildServiceProvider();
    }
}
