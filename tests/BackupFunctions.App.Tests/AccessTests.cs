using System.Reflection;
using System.Text;
using System.Text.Json;
using Azure.Monitor.OpenTelemetry.Exporter;
using BackupFunctions.Check;
using BackupFunctions.Emulators;
using BackupFunctions.Functions;
using BackupFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BackupFunctions.App.Tests;

/// <summary>Every HTTP function passes the access gate, including future ones.</summary>
public sealed class AccessTests
{
    /// <summary>Functions without data, open to everyone.</summary>
    private static readonly string[] Open = ["Health", "OpenApi", "StatusPage"];

    public static TheoryData<string> HttpFunctions { get; } =
        new(
            typeof(RefreshNow)
                .Assembly.GetTypes()
                .Where(type =>
                    Method(type) is { } method
                    && method
                        .GetParameters()
                        .Any(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>() is not null)
                )
                .Select(type => type.Name)
        );

    [Theory]
    [MemberData(nameof(HttpFunctions))]
    public async Task Every_http_function_with_data_requires_a_role(string function)
    {
        await using var suite = await EmulatorSuite.StartAsync();
        using var host = BuiltApp.Create(WithRoles(suite));

        var (nobody, stranger) = (
            await CallAsync(host, function, principal: null),
            await CallAsync(host, function, Principal("Token.Read.nobody"))
        );

        Assert.Equal(Open.Contains(function) ? (200, 200) : (401, 403), (nobody, stranger));
    }

    [Fact]
    public async Task A_principal_with_the_role_gets_a_token()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        using var host = BuiltApp.Create(WithRoles(suite));

        Assert.Equal(200, await CallAsync(host, nameof(GetVeeamToken), Principal("Token.Read.veeam.default")));
        Assert.Equal(403, await CallAsync(host, nameof(GetAcronisToken), Principal("Token.Read.veeam.default")));
    }

    [Fact]
    public async Task The_app_refuses_to_start_without_authentication_by_the_platform()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        var settings = new Dictionary<string, string>(suite.ClientSettings());
        settings["Access:RequireAppRoles"] = "true";
        using var host = BuiltApp.Create(settings);

        var refusal = Assert.Throws<OptionsValidationException>(
            host.Services.GetRequiredService<IStartupValidator>().Validate
        );

        Assert.Contains("Access:RequireAppRoles", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_events_are_not_sampled_along_with_traces_and_the_check_knows_where_they_go()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] =
            "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=http://127.0.0.1:9";
        builder.AddTelemetry();
        using var host = builder.Build();

        var exporter = host.Services.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value;

        Assert.False(exporter.EnableTraceBasedLogsSampler);
        Assert.Equal("http://127.0.0.1:9/", host.Services.GetRequiredService<TelemetryEndpoint>().Address.AbsoluteUri);
    }

    private static Dictionary<string, string> WithRoles(EmulatorSuite suite) =>
        new(suite.ClientSettings()) { ["Access:RequireAppRoles"] = "true", ["WEBSITE_AUTH_ENABLED"] = "True" };

    private static string Principal(string role) =>
        Convert.ToBase64String(
            Encoding.UTF8.GetBytes(
                JsonSerializer.Serialize(
                    new
                    {
                        auth_typ = "aad",
                        claims = new[] { new { typ = "roles", val = role } },
                        name_typ = "name",
                        role_typ = "roles",
                    }
                )
            )
        );

    private static MethodInfo? Method(Type type) =>
        Array.Find(type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly), method =>
            method.GetCustomAttribute<FunctionAttribute>() is not null
        );

    private static async Task<int> CallAsync(IHost host, string function, string? principal)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = host.Services, Response = { Body = body } };
        context.Request.RouteValues["vendor"] = "veeam";
        context.Request.RouteValues["connection"] = "default";
        if (principal is not null)
        {
            context.Request.Headers["X-MS-CLIENT-PRINCIPAL"] = principal;
        }

        var type = typeof(RefreshNow).Assembly.GetTypes().Single(type => type.Name == function);
        var made = ActivatorUtilities.CreateInstance(host.Services, type);
        var answer = Method(type)!.Invoke(made, [context.Request, CancellationToken.None]);
        var result = answer as IResult ?? await (Task<IResult>)answer!;
        await result.ExecuteAsync(context);
        if (
            context.Response.StatusCode == 200
            && body.Length > 0
            && Encoding.UTF8.GetString(body.ToArray()) is ['{', ..] text
            && JsonDocument.Parse(text).RootElement.TryGetProperty("access_token", out var token)
        )
        {
            SuiteLog.Guard(token.GetString()!);
        }

        return context.Response.StatusCode;
    }
}
