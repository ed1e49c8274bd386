using BackupFunctions.Connections;
using BackupFunctions.Web;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Api;

namespace BackupFunctions.LocalHost;

/// <summary>The routes of the Functions app, and the host's own way to run a timer function now.</summary>
internal static class Routes
{
    public static void Map(IEndpointRouteBuilder app)
    {
        // The handlers write their own replies; a RequestDelegate needs no reflection at the start.
        foreach (var operation in Operations.All)
        {
            app.MapMethods(
                $"/api/{operation.Route}",
                operation.Methods,
                (RequestDelegate)(
                    async context =>
                    {
                        var result = await operation.AnswerAsync(context.Request, context.RequestAborted);
                        await result.ExecuteAsync(context);
                    }
                )
            );
        }

        app.MapPost("/admin/functions/{function}", (RequestDelegate)RunTimerAsync);
    }

    /// <summary>As the Functions host does: 202, and the run's outcome in the log.</summary>
    private static async Task RunTimerAsync(HttpContext context)
    {
        var admission = context.RequestServices.GetRequiredService<RequestAdmission>();
        var result = await admission.AdmitAsync(context.Request, Permission.Manage, _ =>
            Task.FromResult(RunTimer(context))
        );
        await result.ExecuteAsync(context);
    }

    private static IResult RunTimer(HttpContext context)
    {
        var services = context.RequestServices;
        var function = (string)context.GetRouteValue("function")!;
        var vendor = services
            .GetRequiredService<ConnectionDirectory>()
            .Vendors.FirstOrDefault(vendor =>
                function.Equals($"Refresh{vendor.SettingsName}", StringComparison.OrdinalIgnoreCase)
            );
        context.Response.Headers.CacheControl = "no-store";
        if (vendor is null)
        {
            return Results.StatusCode(StatusCodes.Status404NotFound);
        }

        services.GetRequiredService<TimerRuns>().Start(vendor);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }
}
