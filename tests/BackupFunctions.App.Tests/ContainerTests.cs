using System.Text.Json;
using BackupFunctions.Connections;
using BackupFunctions.Emulators;
using BackupFunctions.Functions;
using BackupFunctions.Functions.Timers;
using BackupFunctions.Sweeps;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BackupFunctions.App.Tests;

/// <summary>The container of Program.cs, and its functions against the emulators.</summary>
public sealed class ContainerTests
{
    public static TheoryData<Type> FunctionClasses { get; } =
        new(
            typeof(RefreshNow)
                .Assembly.GetTypes()
                .Where(type => type.Namespace == "BackupFunctions.Functions" && type.IsPublic)
        );

    [Fact]
    public async Task The_container_passes_every_check()
    {
        await using var suite = await EmulatorSuite.StartAsync();

        using var host = BuiltApp.Create(suite.ClientSettings());

        Assert.Equal(
            VendorProfiles.BuiltIn.Count,
            host.Services.GetRequiredService<ConnectionDirectory>().Vendors.Count()
        );
    }

    [Theory]
    [MemberData(nameof(FunctionClasses))]
    public async Task Every_function_class_can_be_created(Type function)
    {
        await using var suite = await EmulatorSuite.StartAsync();
        using var host = BuiltApp.Create(suite.ClientSettings());
        using var scope = host.Services.CreateScope();

        Assert.NotNull(ActivatorUtilities.CreateInstance(scope.ServiceProvider, function));
    }

    [Fact]
    public void The_app_refuses_to_start_without_a_vault()
    {
        using var host = BuiltApp.Create(new Dictionary<string, string>());

        var refusal = Assert.Throws<OptionsValidationException>(
            host.Services.GetRequiredService<IStartupValidator>().Validate
        );

        Assert.Contains("KeyVault:VaultUri", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_token_function_answers_with_its_own_vendors_token()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        using var host = BuiltApp.Create(suite.ClientSettings());

        await AnswersAsync(host, "acronis", Make<GetAcronisToken>(host).RunAsync);
        await AnswersAsync(host, "acronis-cyberapp", Make<GetAcronisCyberAppToken>(host).RunAsync);
        await AnswersAsync(host, "avepoint", Make<GetAvePointToken>(host).RunAsync);
        await AnswersAsync(host, "backupnet", Make<GetBackupNetToken>(host).RunAsync);
        await AnswersAsync(host, "veeam", Make<GetVeeamToken>(host).RunAsync);
    }

    [Fact]
    public async Task The_connection_is_the_routes()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        using var host = BuiltApp.Create(suite.ClientSettings());

        var (status, body) = await ExecuteAsync(
            host,
            Make<GetBackupNetToken>(host).RunAsync,
            ("connection", "contoso")
        );

        Assert.Equal((404, "contoso"), (status, body.GetProperty("connection").GetString()));
    }

    [Fact]
    public async Task Each_timer_function_renews_its_own_vendors_tokens()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        using var host = BuiltApp.Create(suite.ClientSettings());

        await Make<RefreshAcronis>(host).RunAsync(new TimerInfo(), CancellationToken.None);
        await Make<RefreshAcronisCyberApp>(host).RunAsync(new TimerInfo(), CancellationToken.None);
        await Make<RefreshAvePoint>(host).RunAsync(new TimerInfo(), CancellationToken.None);
        await Make<RefreshBackupNet>(host).RunAsync(new TimerInfo(), CancellationToken.None);
        await Make<RefreshVeeam>(host).RunAsync(new TimerInfo(), CancellationToken.None);

        Assert.All<VendorEmulator>(
            [suite.Acronis, suite.AcronisCyberApp, suite.AvePoint, suite.BackupNet, suite.Veeam],
            vendor => Assert.Equal(1, vendor.IssuedTokens)
        );
    }

    [Fact]
    public async Task A_run_fails_if_a_connection_fails()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        using var host = BuiltApp.Create(suite.ClientSettings());
        suite.Acronis.ClientDisabled = true;

        var failure = await Assert.ThrowsAsync<RefreshSweepException>(() =>
            Make<RefreshAcronis>(host).RunAsync(new TimerInfo(), CancellationToken.None)
        );

        Assert.Contains("acronis", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_renews_without_returning_the_token()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        using var host = BuiltApp.Create(suite.ClientSettings());

        var (status, body) = await ExecuteAsync(host, Make<RefreshNow>(host).RunAsync, ("vendor", "backupnet"));

        Assert.Equal(200, status);
        Assert.False(body.TryGetProperty("access_token", out _));
        Assert.Equal(1, suite.BackupNet.IssuedTokens);
    }

    [Fact]
    public async Task Check_finds_the_emulators_well_and_misses_nothing_but_storage()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        using var host = BuiltApp.Create(suite.ClientSettings());

        var (status, body) = await ExecuteAsync(host, Make<Functions.Check>(host).RunAsync);

        var findings = body.GetProperty("findings")
            .EnumerateArray()
            .ToLookup(
                finding => finding.GetProperty("level").GetString(),
                finding => finding.GetProperty("id").GetString()
            );
        Assert.Equal(200, status);
        Assert.Equal(["storage-missing"], findings["error"]);
        Assert.Empty(findings["warning"]);
        Assert.Equal(VendorProfiles.BuiltIn.Count, findings["ok"].Count(id => id == "sign-in-good"));
    }

    private static T Make<T>(IHost host) => ActivatorUtilities.CreateInstance<T>(host.Services);

    private static async Task AnswersAsync(
        IHost host,
        string vendor,
        Func<HttpRequest, CancellationToken, Task<IResult>> function
    )
    {
        var (status, body) = await ExecuteAsync(host, function);

        Assert.Equal(200, status);
        SuiteLog.Guard(body.GetProperty("access_token").GetString()!);
        Assert.Equal(vendor, body.GetProperty("vendor").GetString());
    }

    private static async Task<(int Status, JsonElement Body)> ExecuteAsync(
        IHost host,
        Func<HttpRequest, CancellationToken, Task<IResult>> function,
        params (string Name, string Value)[] route
    )
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = host.Services, Response = { Body = body } };
        foreach (var (name, value) in route)
        {
            context.Request.RouteValues[name] = value;
        }

        var result = await function(context.Request, CancellationToken.None);
        await result.ExecuteAsync(context);
        body.Position = 0;
        return (context.Response.StatusCode, (await JsonDocument.ParseAsync(body)).RootElement);
    }
}
