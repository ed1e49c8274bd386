using BackupFunctions.Testing;
using BackupFunctions.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>Requests use the host's own services, without a scope per request.</summary>
public sealed class RoutesTests
{
    [Fact]
    public async Task A_request_gets_the_services_of_the_host()
    {
        IServiceProvider? given = null;
        var options = new LocalHostOptions
        {
            Logging = logging => logging.AddSuiteLog(),
            FurtherRoutes = routes =>
                routes.MapGet(
                    "/services",
                    (RequestDelegate)(
                        context =>
                        {
                            given = context.RequestServices;
                            return Task.CompletedTask;
                        }
                    )
                ),
        };
        await using var host = await LocalHostApp.StartAsync(
            options,
            [new LoopbackEndpoint("127.0.0.1", 0)],
            TestContext.Current.CancellationToken
        );
        using var client = new HttpClient { BaseAddress = new Uri(host.Urls[0]) };

        (await client.GetAsync("/services", TestContext.Current.CancellationToken)).Dispose();

        Assert.Same(host.Services, given);
    }

    [Fact]
    public void None_of_our_services_needs_a_scope()
    {
        var services = new ServiceCollection();
        services.AddBackupTokens(new ConfigurationBuilder().Build()).AddKeyVault().AddVendors();

        var ours = services.Where(service => service.ServiceType.Assembly == typeof(TokenHandlers).Assembly).ToList();

        Assert.Contains(ours, service => service.ServiceType == typeof(TokenHandlers));
        Assert.All(ours, service =>
            Assert.Equal((service.ServiceType, ServiceLifetime.Singleton), (service.ServiceType, service.Lifetime))
        );
    }
}
