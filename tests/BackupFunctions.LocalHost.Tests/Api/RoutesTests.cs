using BackupFunctions.Testing;
using BackupFunctions.Web;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>Handlers are resolved from requests and, by the commands, from the host itself.</summary>
public sealed class RoutesTests
{
    [Fact]
    public void Every_service_of_Core_is_a_singleton()
    {
        var services = new ServiceCollection();
        services.AddBackupTokens(TestSettings.OnlyVault).AddKeyVault().AddVendors();

        var ours = services.Where(service => service.ServiceType.Assembly == typeof(TokenHandlers).Assembly).ToList();

        Assert.Contains(ours, service => service.ServiceType == typeof(TokenHandlers));
        Assert.All(ours, service =>
            Assert.Equal((service.ServiceType, ServiceLifetime.Singleton), (service.ServiceType, service.Lifetime))
        );
    }
}
