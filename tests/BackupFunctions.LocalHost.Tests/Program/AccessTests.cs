using System.Reflection;
using BackupFunctions.LocalHost.Api;
using BackupFunctions.Settings;
using BackupFunctions.Settings.Access;
using BackupFunctions.Web;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.LocalHost.Tests.Program;

/// <summary>Every route of LocalHost passes the access gate, including future ones.</summary>
public sealed class AccessTests
{
    /// <summary>Routes without data, open to everyone.</summary>
    private static readonly string[] Open = ["/api/health", "/api/openapi.json", "/api/status/page"];

    [Fact]
    public async Task Every_route_with_data_requires_a_role()
    {
        await using var host = await RunningHost.StartAsync();
        var admission = new RequestAdmission(
            new AccessGate(
                new HostingPlatform(IsLocal: true, AuthenticatesCallers: true),
                new AccessOptions(Admission.KeysAndAppRoles)
            ),
            host.Services.GetRequiredService<AuditTrail>()
        );
        var services = new Behind(host.Services, admission);
        var routes = host
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => !IsFrontPage(route.RoutePattern.RawText!))
            .ToList();

        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            var status = await CallAsync(route, services);

            Assert.Equal(
                (route.RoutePattern.RawText, Open.Contains(route.RoutePattern.RawText) ? 200 : 401),
                (route.RoutePattern.RawText, status)
            );
        }
    }

    [Fact]
    public async Task App_roles_cannot_be_required_without_authentication()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() =>
            RunningHost.StartAsync(
                new Dictionary<string, string>
                {
                    ["Access__RequireAppRoles"] = "true",
                    ["WEBSITE_AUTH_ENABLED"] = "True",
                }
            )
        );

        Assert.Contains("nobody signs in to LocalHost", Assert.Single(refused.Findings), StringComparison.Ordinal);
    }

    /// <summary>LocalHost's own pages name its connections to whoever is at this machine.</summary>
    private static bool IsFrontPage(string route) =>
        route == "/" || route.StartsWith(FrontPage.TryIt, StringComparison.Ordinal);

    private static async Task<int> CallAsync(RouteEndpoint route, IServiceProvider services)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = body } };
        context.Request.Method = route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[^1];
        foreach (var parameter in route.RoutePattern.Parameters)
        {
            context.Request.RouteValues[parameter.Name] = parameter.Name switch
            {
                "vendor" => "veeam",
                "function" => "RefreshVeeam",
                _ => "default",
            };
        }

        await route.RequestDelegate!(context);
        return context.Response.StatusCode;
    }

    /// <summary>The host's services, with another admission and new handlers that use it.</summary>
    private sealed class Behind(IServiceProvider inner, RequestAdmission admission) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType == typeof(RequestAdmission) ? admission
            : serviceType.Name.EndsWith("Handlers", StringComparison.Ordinal) ? Create(serviceType)
            : inner.GetService(serviceType);

        /// <summary>Some take internal services, so that their constructors are internal.</summary>
        private object Create(Type type)
        {
            var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Single();
            return constructor.Invoke([
                .. constructor.GetParameters().Select(parameter => GetService(parameter.ParameterType)),
            ]);
        }
    }
}
