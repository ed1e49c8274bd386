using System.Reflection;
using System.Text.Json.Nodes;
using BackupFunctions.Functions;
using BackupFunctions.Web.Api;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.App.Tests;

/// <summary>The functions that a Functions host will list: callers, keys and settings depend on their names.</summary>
public sealed class FunctionListTests
{
    private static readonly IReadOnlyList<MethodInfo> Functions =
    [
        .. typeof(RefreshNow)
            .Assembly.GetTypes()
            .SelectMany(type =>
                type.GetMethods(
                    BindingFlags.Instance
                        | BindingFlags.Static
                        | BindingFlags.Public
                        | BindingFlags.NonPublic
                        | BindingFlags.DeclaredOnly
                )
            )
            .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)
            .OrderBy(NameOf, StringComparer.Ordinal),
    ];

    [Fact]
    public void Each_vendor_has_a_token_function_and_a_timer_function_and_each_operator_task_has_one() =>
        Assert.Equal(
            [
                "Call",
                "Check",
                "Connections",
                "EnrollVeeam",
                "GetAcronisCyberAppToken",
                "GetAcronisToken",
                "GetAvePointToken",
                "GetBackupNetToken",
                "GetToken",
                "GetVeeamToken",
                "Health",
                "OpenApi",
                "RefreshAcronis",
                "RefreshAcronisCyberApp",
                "RefreshAvePoint",
                "RefreshBackupNet",
                "RefreshCatalogue",
                "RefreshNow",
                "RefreshVeeam",
                "Revoke",
                "Status",
                "StatusPage",
                "TestAlert",
            ],
            Functions.Select(NameOf)
        );

    [Theory]
    [InlineData("GetAcronisToken", "GetToken/acronis/{connection?}", "get", "post")]
    [InlineData("GetAcronisCyberAppToken", "GetToken/acronis-cyberapp/{connection?}", "get", "post")]
    [InlineData("GetAvePointToken", "GetToken/avepoint/{connection?}", "get", "post")]
    [InlineData("GetBackupNetToken", "GetToken/backupnet/{connection?}", "get", "post")]
    [InlineData("GetVeeamToken", "GetToken/veeam/{connection?}", "get", "post")]
    [InlineData("GetToken", "GetToken/{vendor}/{connection?}", "get", "post")]
    [InlineData("Call", "Call/{vendor}/{connection}/{*path}", "get", "head", "post", "put", "patch", "delete")]
    [InlineData("RefreshNow", "Refresh/{vendor}/{connection?}", "post")]
    [InlineData("EnrollVeeam", "Enroll/{vendor}/{connection?}", "post")]
    [InlineData("Revoke", "Revoke/{vendor}/{connection}", "post")]
    [InlineData("Status", "status", "get")]
    [InlineData("Connections", "connections", "get")]
    [InlineData("Check", "Check", "post")]
    [InlineData("TestAlert", "Alerts/Test", "post")]
    public void An_http_function_needs_a_key_and_has_its_route_and_methods(
        string function,
        string route,
        params string[] methods
    )
    {
        var trigger = Trigger<HttpTriggerAttribute>(function)!;

        Assert.Equal(AuthorizationLevel.Function, trigger.AuthLevel);
        Assert.Equal(route, trigger.Route);
        Assert.Equal(methods, trigger.Methods!);
    }

    [Theory]
    [InlineData("Health", "health")]
    [InlineData("OpenApi", "openapi.json")]
    [InlineData("StatusPage", "status/page")]
    public void What_names_nothing_is_for_anybody(string function, string route)
    {
        var trigger = Trigger<HttpTriggerAttribute>(function)!;

        Assert.Equal((AuthorizationLevel.Anonymous, route), (trigger.AuthLevel, trigger.Route));
        Assert.Equal(["get"], trigger.Methods!);
    }

    [Fact]
    public void All_other_functions_require_a_key() =>
        Assert.Equal(
            ["Health", "OpenApi", "StatusPage"],
            Functions
                .Select(NameOf)
                .Where(function => Trigger<HttpTriggerAttribute>(function)?.AuthLevel == AuthorizationLevel.Anonymous)
        );

    [Theory]
    [InlineData("RefreshAcronis", "%AcronisRefreshSchedule%")]
    [InlineData("RefreshAcronisCyberApp", "%AcronisCyberAppRefreshSchedule%")]
    [InlineData("RefreshAvePoint", "%AvePointRefreshSchedule%")]
    [InlineData("RefreshBackupNet", "%BackupNetRefreshSchedule%")]
    [InlineData("RefreshVeeam", "%VeeamRefreshSchedule%")]
    [InlineData("RefreshCatalogue", "%CatalogueRefreshSchedule%")]
    public void A_timer_function_has_a_schedule_of_its_own_and_does_not_run_at_start(string function, string schedule)
    {
        var trigger = Trigger<TimerTriggerAttribute>(function)!;

        Assert.Equal(schedule, trigger.Schedule);
        Assert.True(trigger.UseMonitor);
        Assert.False(trigger.RunOnStartup);
    }

    [Fact]
    public void Every_function_is_a_public_method_of_a_public_class_of_its_name() => Assert.All(Functions, method =>
        {
            Assert.True(method.IsPublic && method.DeclaringType!.IsPublic);
            Assert.Equal(NameOf(method), method.DeclaringType!.Name);
        });

    [Fact]
    public void Every_function_receives_the_cancellation_token() =>
        Assert.All(Functions, method =>
            Assert.Contains(method.GetParameters(), parameter => parameter.ParameterType == typeof(CancellationToken))
        );

    [Fact]
    public void No_parameter_can_be_bound_to_query_or_body() =>
        Assert.All(Functions, method => Assert.Equal(2, method.GetParameters().Length));

    [Fact]
    public void The_OpenAPI_document_has_exactly_the_routes_and_methods_of_the_functions_and_says_which_need_no_key() =>
        Assert.Equal(
            DocumentedOperations().Order(),
            Functions
                .Select(NameOf)
                // What a call takes and returns is the vendor's.
                .Where(function => function != "Call")
                .Select(function => Trigger<HttpTriggerAttribute>(function))
                .OfType<HttpTriggerAttribute>()
                .SelectMany(trigger =>
                    from path in Paths(trigger.Route!)
                    from method in trigger.Methods!
                    select (path, method, trigger.AuthLevel == AuthorizationLevel.Anonymous)
                )
                .Distinct()
                .Order()
        );

    private static IEnumerable<(string Path, string Method, bool NeedsNoKey)> DocumentedOperations()
    {
        using var document = typeof(ApiDocumentReply).Assembly.GetManifestResourceStream(
            ApiDocumentReply.ResourceName
        )!;
        return
        [
            .. from path in JsonNode.Parse(document)!["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            select (path.Key, operation.Key, operation.Value!["security"]!.AsArray().Count == 0),
        ];
    }

    /// <summary>
    /// The OpenAPI paths of a route. OpenAPI has no optional path parameters, and all token functions are one
    /// operation.
    /// </summary>
    private static string[] Paths(string route)
    {
        const string optional = "/{connection?}";
        var path = route.StartsWith("GetToken/", StringComparison.Ordinal)
            ? $"/GetToken/{{vendor}}{optional}"
            : $"/{route}";
        return path.EndsWith(optional, StringComparison.Ordinal)
            ? [path[..^optional.Length], path.Replace("?", "", StringComparison.Ordinal)]
            : [path];
    }

    private static string NameOf(MethodInfo method) => method.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static T? Trigger<T>(string function)
        where T : Attribute =>
        Functions
            .Single(method => NameOf(method) == function)
            .GetParameters()
            .Select(parameter => parameter.GetCustomAttribute<T>())
            .SingleOrDefault(trigger => trigger is not null);
}
