using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.SignIn;
using BackupFunctions.State;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace BackupFunctions.Core.Tests.Web;

/// <summary>
/// The services of the handlers: Core as hosts register it, with vendors and a token store that the test controls.
/// </summary>
internal static class HandlerParts
{
    public static Connection Connection(
        VendorProfile vendor,
        string name = "default",
        string? baseUrl = null,
        string? tenant = null
    ) =>
        new()
        {
            Vendor = vendor,
            Key = new ConnectionKey(vendor.Name, name),
            TokenSecretName = $"{vendor.Name}-{name}-access-token",
            BaseUrl = baseUrl is null ? null : new Uri(baseUrl),
            Server = new Uri("https://eu8-cloud.acronis.com"),
            ClientId = "id",
            Credential = new CredentialName("secret"),
            TenantId = tenant is null ? null : Guid.Parse(tenant),
        };

    public static IServiceCollection Services(
        TimeProvider time,
        IVendorClient vendors,
        ITokenStore store,
        LogRecorder? log,
        params Connection[] connections
    )
    {
        var services = new ServiceCollection().AddLogging(logging =>
            logging.AddSuiteLog().AddRecorder(log ?? new LogRecorder())
        );
        services.AddSingleton(time);
        services.AddSingleton(store);
        services.AddSingleton(vendors);
        services.AddSingleton(Mock.Of<ICredentialSource>());
        services.AddBackupTokens(TestSettings.OnlyVault);
        services.AddSingleton(
            new ConnectionDirectory(
                connections.Select(connection => connection.Vendor).DistinctBy(vendor => vendor.Name),
                connections
            )
        );
        return services;
    }
}
