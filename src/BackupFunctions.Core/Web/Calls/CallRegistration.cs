using BackupFunctions.Calls;
using BackupFunctions.Connections;
using BackupFunctions.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Web.Calls;

/// <summary>Registers call-through.</summary>
internal static class CallRegistration
{
    public static IServiceCollection AddCalls(this IServiceCollection services)
    {
        services.AddHttpForwarder();

        // It logs URLs with their queries; the audit log has the calls without.
        services.Configure<LoggerFilterOptions>(options => options.AddFilter("Yarp.ReverseProxy", LogLevel.None));
        services.AddSingleton<ApiClients>();
        services.AddInternal<VendorApi>();
        services.AddSingleton(provider => new CallRuleBook(
            provider.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value.Calls
        ));
        services.AddSingleton<CallHandlers>();
        return services;
    }
}
