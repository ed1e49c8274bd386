using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.OpenApi;

/// <summary>The vendors that the hosts register.</summary>
internal static class Vendors
{
    public static IReadOnlyList<string> Names { get; } = Read();

    private static List<string> Read()
    {
        using var services = new ServiceCollection()
            .AddLogging()
            .AddBackupTokens(new ConfigurationBuilder().Build())
            .AddVendors()
            .Services.BuildServiceProvider();
        return [.. services.GetServices<VendorProfile>().Select(vendor => vendor.Name)];
    }
}
