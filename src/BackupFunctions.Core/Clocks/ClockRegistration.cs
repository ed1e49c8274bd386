using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Clocks;

/// <summary>Registers the clock.</summary>
internal static class ClockRegistration
{
    /// <summary>
    /// Puts <see cref="HostClock"/> in front of the clock registered so far, the system's if there is none: whoever
    /// asks for a <see cref="TimeProvider"/> gets it.
    /// </summary>
    public static IServiceCollection AddHostClock(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(HostClock)))
        {
            return services;
        }

        var registered = services.LastOrDefault(service => service.ServiceType == typeof(TimeProvider));
        var system = registered?.ImplementationInstance as TimeProvider ?? TimeProvider.System;
        services.AddSingleton(provider =>
            system as HostClock ?? new HostClock(system, provider.GetRequiredService<ILogger<HostClock>>())
        );
        return services.Replace(
            ServiceDescriptor.Singleton<TimeProvider>(provider => provider.GetRequiredService<HostClock>())
        );
    }
}
