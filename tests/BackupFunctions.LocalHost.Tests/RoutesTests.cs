using BackupFunctions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>Requests are answered by the host's own services, without a scope for each.</summary>
public sealed class RoutesTests
{
    [Fact]
    public async Task A_request_gets_the_services_of_the_host()
    {
        await using var host = await RunningHost.StartAsync();
        var route = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Single(endpoint => endpoint.RoutePattern.RawText == "/api/GetToken/{vendor}/{connection?}");
        var context = new DefaultHttpContext { Request = { RouteValues = { ["vendor"] = "contoso" } } };

        await route.RequestDelegate!(context);

        Assert.Equal(404, context.Response.StatusCode);
        Assert.Same(host.Services, context.RequestServices);
    }

    [Fact]
    public void None_of_ours_needs_a_scope()
    {
        var services = new ServiceCollection();
        services.AddBackupTokens(new ConfigurationBuilder().Build()).AddKeyVault().AddVendors().AddApiDocument(typeof(LocalHostApp).Assembly);

        var ours = services.Where(service => service.ServiceType.Assembly == typeof(TokenHandlers).Assembly).ToList();

        Assert.Contains(ours, service => service.ServiceType == typeof(TokenHandlers));
        Assert.All(ours, service => Assert.Equal((service.ServiceType, ServiceLifetime.Singleton), (service.ServiceType, service.Lifetime)));
    }
}
