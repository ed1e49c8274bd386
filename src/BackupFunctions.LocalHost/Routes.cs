using BackupFunctions.Access;
using BackupFunctions.Http;
using BackupFunctions.Tokens;

namespace BackupFunctions.LocalHost;

/// <summary>The routes of the Functions app, and the host's own way to run a timer function now.</summary>
internal static class Routes
{
    private static readonly string[] GetAndPost = [HttpMethods.Get, HttpMethods.Post];

    public static void Map(IEndpointRouteBuilder app)
    {
        // The handlers write their own replies; a RequestDelegate needs no reflection at the start.
        app.MapMethods("/api/GetToken/{vendor}/{connection?}", GetAndPost, (RequestDelegate)GetTokenAsync);
        app.MapPost("/api/Refresh/{vendor}/{connection?}", (RequestDelegate)RefreshAsync);
        app.MapPost("/api/Enroll/{vendor}/{connection?}", (RequestDelegate)EnrolAsync);
        app.MapPost("/api/Revoke/{vendor}/{connection}", (RequestDelegate)RevokeAsync);
        app.MapGet("/api/status", (RequestDelegate)StatusAsync);
        app.MapGet("/api/health", (RequestDelegate)HealthAsync);
        app.MapGet("/api/connections", (RequestDelegate)ConnectionsAsync);
        app.MapGet("/api/status/page", (RequestDelegate)StatusPageReply.Instance.ExecuteAsync);
        app.MapPost("/api/Check", (RequestDelegate)CheckAsync);
        app.MapPost("/admin/functions/{function}", (RequestDelegate)RunTimerAsync);
    }

    private static async Task GetTokenAsync(HttpContext context)
    {
        var handlers = context.RequestServices.GetRequiredService<TokenHandlers>();
        var result = await handlers.GetTokenAsync(context.Request, Value(context, "vendor")!, Value(context, "connection"), context.RequestAborted);
        await result.ExecuteAsync(context);
    }

    private static async Task RefreshAsync(HttpContext context)
    {
        var handlers = context.RequestServices.GetRequiredService<TokenHandlers>();
        var result = await handlers.RefreshAsync(context.Request, Value(context, "vendor")!, Value(context, "connection"), context.RequestAborted);
        await result.ExecuteAsync(context);
    }

    private static async Task EnrolAsync(HttpContext context)
    {
        var handlers = context.RequestServices.GetRequiredService<TokenHandlers>();
        var result = await handlers.EnrolAsync(context.Request, Value(context, "vendor")!, Value(context, "connection"), context.RequestAborted);
        await result.ExecuteAsync(context);
    }

    private static async Task RevokeAsync(HttpContext context)
    {
        var handlers = context.RequestServices.GetRequiredService<TokenHandlers>();
        var result = await handlers.RevokeAsync(context.Request, Value(context, "vendor")!, Value(context, "connection"), context.RequestAborted);
        await result.ExecuteAsync(context);
    }

    private static async Task StatusAsync(HttpContext context) =>
        await (await Status(context).StatusAsync(context.Request, context.RequestAborted)).ExecuteAsync(context);

    private static Task HealthAsync(HttpContext context) => Status(context).Health().ExecuteAsync(context);

    private static async Task ConnectionsAsync(HttpContext context) =>
        await (await Status(context).ConnectionsAsync(context.Request, context.RequestAborted)).ExecuteAsync(context);

    private static StatusHandlers Status(HttpContext context) => context.RequestServices.GetRequiredService<StatusHandlers>();

    private static async Task CheckAsync(HttpContext context)
    {
        var handlers = context.RequestServices.GetRequiredService<CheckHandlers>();
        var result = await handlers.CheckAsync(context.Request, context.RequestAborted);
        await result.ExecuteAsync(context);
    }

    /// <summary>As the Functions host does: 202, and the run's outcome in the log.</summary>
    private static async Task RunTimerAsync(HttpContext context)
    {
        var gate = context.RequestServices.GetRequiredService<AccessGate>();
        var result = await gate.AdmitAsync(context.Request, Right.Manage, _ => Task.FromResult(RunTimer(context)));
        await result.ExecuteAsync(context);
    }

    private static IResult RunTimer(HttpContext context)
    {
        var services = context.RequestServices;
        var function = Value(context, "function")!;
        var vendor = services.GetRequiredService<ConnectionDirectory>().Vendors
            .FirstOrDefault(vendor => function.Equals($"Refresh{vendor.SettingsName}", StringComparison.OrdinalIgnoreCase));
        context.Response.Headers.CacheControl = "no-store";
        if (vendor is null)
        {
            return Results.StatusCode(StatusCodes.Status404NotFound);
        }

        services.GetRequiredService<TimerRuns>().Start(vendor);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private static string? Value(HttpContext context, string name) => (string?)context.GetRouteValue(name);
}
