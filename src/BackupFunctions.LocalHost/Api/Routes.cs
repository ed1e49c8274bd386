using BackupFunctions.Connections;
using BackupFunctions.Web;
using BackupFunctions.Web.Access;

namespace BackupFunctions.LocalHost.Api;

/// <summary>The routes of the Functions app, and the route that runs a timer function now.</summary>
internal static class Routes
{
    public static void Map(IEndpointRouteBuilder app)
    {
        FrontPage.Map(app);
        MapApi(app.MapGroup("/api"));
        app.MapPost("/admin/functions/{function}", (RequestDelegate)RunTimerAsync);
    }

    /// <summary>The routes below <c>/api</c>, which the OpenAPI document describes.</summary>
    public static void MapApi(IEndpointRouteBuilder api)
    {
        TokenRoutes.Map(api.MapGroup("").WithTags("Tokens"));
        StatusRoutes.Map(api.MapGroup("").WithTags("Status"));
    }

    /// <summary>As the Functions host does: replies 202 and logs how the run ended.</summary>
    private static async Task RunTimerAsync(HttpContext context)
    {
        var admission = context.RequestServices.GetRequiredService<RequestAdmission>();
        var result = await admission.AdmitAsync(context.Request, Permission.Manage, [], _ =>
            Task.FromResult(RunTimer(context))
        );
        await result.ExecuteAsync(context);
    }

    private static IResult RunTimer(HttpContext context)
    {
        var services = context.RequestServices;
        var function = (string)context.GetRouteValue("function")!;
        var timer = services
            .GetRequiredService<ConnectionDirectory>()
            .Vendors.Select(vendor => vendor.TimerName)
            .FirstOrDefault(timer => function.Equals($"Refresh{timer}", StringComparison.OrdinalIgnoreCase));
        if (timer is null)
        {
            return Results.StatusCode(StatusCodes.Status404NotFound);
        }

        services.GetRequiredService<TimerRuns>().Start(timer);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }
}
