using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Renewal;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace BackupFunctions.Core.Tests.Web;

/// <summary>
/// The services of the handlers: Core as hosts register it, with vendors and a token store that the test controls.
/// </summary>
internal static class HandlerParts
{
    public static Mock<IVendor> Vendor(string name, int? codeDigits = null, bool tenants = false)
    {
        var vendor = new Mock<IVendor>();
        vendor.Setup(one => one.Name).Returns(name);
        vendor.Setup(one => one.SettingsName).Returns(char.ToUpperInvariant(name[0]) + name[1..]);
        vendor.Setup(one => one.EnrolmentCodeDigits).Returns(codeDigits);
        vendor.Setup(one => one.GrantsTenantTokens).Returns(tenants);
        return vendor;
    }

    public static VendorConnection Connection(
        Mock<IVendor> vendor,
        string name = "default",
        string? baseUrl = null,
        string? tenant = null
    ) =>
        new(
            vendor.Object,
            new AcronisConnection
            {
                Key = new ConnectionKey(vendor.Object.Name, name),
                TokenSecretName = $"{vendor.Object.Name}-{name}-access-token",
                BaseUrl = baseUrl is null ? null : new Uri(baseUrl),
                DataCenterUrl = new Uri("https://eu8-cloud.acronis.com"),
                ClientId = "id",
                ClientSecret = new CredentialName("secret"),
                TenantId = tenant is null ? null : Guid.Parse(tenant),
            }
        );

    public static IServiceCollection Services(
        TimeProvider time,
        ITokenStore store,
        LogRecorder? log,
        params VendorConnection[] connections
    )
    {
        var services = new ServiceCollection().AddLogging(logging =>
            logging.AddSuiteLog().AddRecorder(log ?? new LogRecorder())
        );
        services.AddSingleton(time);
        services.AddSingleton(store);
        services.AddSingleton(Mock.Of<ICredentialSource>());
        services.AddBackupTokens(new ConfigurationBuilder().Build());
        services.AddSingleton(
            new ConnectionDirectory(
                connections.Select(connection => connection.Vendor).Distinct(),
                connections,
                new Dictionary<string, RefreshSchedule>()
            )
        );
        return services;
    }
}
