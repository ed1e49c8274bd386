using BackupFunctions.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Emulators.Tests;

/// <summary>The emulators without Kestrel.</summary>
public sealed class TestServerTests
{
    [Fact]
    public async Task An_emulator_runs_in_any_server()
    {
        var options = Station.Options(out var time);
        var emulator = new BackupNetEmulator(options) { BaseAddress = new Uri("https://login.backup.test/") };
        using var host = await StartAsync(emulator);
        using var client = host.GetTestClient();
        client.BaseAddress = emulator.BaseAddress;

        using var reply = await client.GetAsync(
            "/.well-known/openid-configuration",
            TestContext.Current.CancellationToken
        );
        emulator.Faults.Add(Endpoints.Discovery, Fault.NoDate(), times: 1);
        emulator.Faults.Add(Endpoints.Discovery, Fault.Reset(), times: 1);
        using var undated = await client.GetAsync(
            "/.well-known/openid-configuration",
            TestContext.Current.CancellationToken
        );

        Assert.Equal("https://login.backup.test", (await reply.JsonAsync()).Text("issuer"));
        Assert.Equal(time.GetUtcNow(), reply.Headers.Date);
        Assert.Null(undated.Headers.Date);
        await Assert.ThrowsAnyAsync<Exception>(() =>
            client.GetAsync("/.well-known/openid-configuration", TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Logs_endpoints_and_outcomes_and_no_secrets()
    {
        var options = Station.Options(out _);
        var log = new LogRecorder();
        options.LoggerFactory = LoggerFactory.Create(logging => logging.AddProvider(log));
        var emulator = new BackupNetEmulator(options);
        using var host = await StartAsync(emulator);
        using var client = host.GetTestClient();
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = emulator.ClientId,
                ["client_secret"] = emulator.ClientSecret,
            }
        );

        var token = await client.PostAsync("/connect/token", form, TestContext.Current.CancellationToken).TokenAsync();

        Assert.Equal(["backupnet token answered 200"], log.Events.Select(one => one.Message));
        log.Guard(token);
        log.AssertClean();
    }

    private static async Task<IHost> StartAsync(Emulator emulator) =>
        await new HostBuilder()
            .ConfigureWebHost(web => web.UseTestServer().Configure(app => app.Run(emulator.HandleAsync)))
            .StartAsync(TestContext.Current.CancellationToken);
}
