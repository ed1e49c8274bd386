using Azure;
using Azure.Core;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Samples.Tests.Serving;
using BackupFunctions.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace BackupFunctions.Samples.Tests.CSharp;

/// <summary>The function, and how it calls the vendor.</summary>
public sealed class ListCustomersTests(HostFixture host) : IClassFixture<HostFixture>
{
    private static readonly string Key = SuiteLog.Guard("function-key-of-the-function");
    private static readonly string EntraToken = SuiteLog.Guard("token-of-entra-id-for-the-function");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_function_lists_the_customers_whether_or_not_the_vendor_still_takes_the_first_token(
        bool rejected
    )
    {
        var log = new LogRecorder();
        await using var services = Services(log);
        if (rejected)
            await host.RejectTokenAsync();

        await ActivatorUtilities
            .CreateInstance<ListCustomers>(services)
            .RunAsync(new TimerInfo(), CancellationToken.None);

        Assert.Contains(log.Events, entry => entry.Message == "backup.net has 1 customers");
    }

    [Fact]
    public async Task A_vendor_that_needs_a_header_gets_it()
    {
        await using var services = Services(new LogRecorder());

        var reply = await services
            .GetRequiredService<VendorApi>()
            .GetAsync("veeam-vbr", "default", "api/v1/serverInfo", CancellationToken.None);

        Assert.Equal(0, reply.GetProperty("totalCount").GetInt32());
    }

    [Fact]
    public async Task A_token_that_the_vendor_answers_with_403_is_replaced()
    {
        await using var services = Services(new LogRecorder());
        var rejected = await host.RejectTokenAsync("druva");

        var reply = await services
            .GetRequiredService<VendorApi>()
            .GetAsync("druva", "default", "msp/v3/customers", CancellationToken.None);

        Assert.Equal(0, reply.GetProperty("customers").GetArrayLength());
        Assert.NotEqual(rejected, (await host.TokenAsync("druva")).Fingerprint);
    }

    [Fact]
    public async Task An_older_app_names_no_header_and_no_status_but_401_counts()
    {
        await using var vendor = (await ScriptedApp.StartAsync()).AnswersNothingBut(401).Answers("[]");
        await using var app = (await ScriptedApp.StartAsync()).Answers(Reply(vendor.Url)).Answers(Reply(vendor.Url));
        await using var services = Services(new LogRecorder(), app.Url);

        await services
            .GetRequiredService<VendorApi>()
            .GetAsync("backupnet", "default", "v1/customers", CancellationToken.None);

        Assert.Equal(2, vendor.Requests.Count);
    }

    [Fact]
    public async Task The_function_gives_up_when_the_second_token_is_refused_too()
    {
        await using var services = Services(new LogRecorder());
        host.BackupNet.Faults.Add("api", Emulators.Fault.Status(401), times: 2);
        var calls = host.BackupNet.Counters["api"];

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() =>
            ActivatorUtilities.CreateInstance<ListCustomers>(services).RunAsync(new TimerInfo(), CancellationToken.None)
        );

        Assert.Equal(401, (int)refused.StatusCode!);
        Assert.Equal(2, host.BackupNet.Counters["api"] - calls);
    }

    [Fact]
    public async Task An_api_below_a_path_is_called_there()
    {
        await using var gateway = (await ScriptedApp.StartAsync()).Answers("[]");
        await using var app = (await ScriptedApp.StartAsync()).Answers(Reply(gateway.Url + "/backupnet"));
        await using var services = Services(new LogRecorder(), app.Url);

        await ActivatorUtilities
            .CreateInstance<ListCustomers>(services)
            .RunAsync(new TimerInfo(), CancellationToken.None);

        Assert.Equal("/backupnet/v1/customers", Assert.Single(gateway.Requests).Target);
    }

    [Fact]
    public async Task A_vendor_whose_address_nobody_set_is_not_called()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            """{"authorization":"Bearer a-token-without-an-address","base_url":null,"fingerprint":"0123456789abcdef"}"""
        );
        await using var services = Services(new LogRecorder(), app.Url);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ActivatorUtilities.CreateInstance<ListCustomers>(services).RunAsync(new TimerInfo(), CancellationToken.None)
        );

        Assert.Equal("Where the API of backupnet/default is, is not set.", refused.Message);
    }

    [Fact]
    public async Task Neither_key_nor_token_follows_a_redirect()
    {
        await using var elsewhere = await ScriptedApp.StartAsync();
        await using var app = (await ScriptedApp.StartAsync()).Redirects(elsewhere.Url);
        await using var services = Services(new LogRecorder(), app.Url);

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            ActivatorUtilities.CreateInstance<ListCustomers>(services).RunAsync(new TimerInfo(), CancellationToken.None)
        );
        app.Redirects(elsewhere.Url);
        using var vendor = services.GetRequiredService<IHttpClientFactory>().CreateClient(Registration.VendorClient);
        using var reply = await vendor.GetAsync(new Uri(app.Url));

        Assert.Equal(2, app.Requests.Count);
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("api://00000000-0000-0000-0000-000000000000")]
    public async Task The_app_is_asked_with_a_key_or_with_Entra_ID(string? audience)
    {
        await using var vendor = (await ScriptedApp.StartAsync()).Answers("[]");
        await using var app = (await ScriptedApp.StartAsync()).Answers(Reply(vendor.Url));
        await using var services = Services(new LogRecorder(), app.Url, audience);

        await services
            .GetRequiredService<VendorApi>()
            .GetAsync("backupnet", "default", "v1/customers", CancellationToken.None);

        var isKeyless = audience is not null;
        Assert.Equal(isKeyless ? null : Key, Assert.Single(app.Requests).Key);
        Assert.Equal(isKeyless ? $"Bearer {EntraToken}" : null, Assert.Single(app.Authorizations));
        Assert.Equal("Bearer a-token-of-the-script", Assert.Single(vendor.Authorizations));
    }

    private static string Reply(string baseUrl) =>
        $$"""{"authorization":"Bearer a-token-of-the-script","base_url":"{{baseUrl}}","fingerprint":"0123456789abcdef"}""";

    /// <summary>As Program.cs registers them, but for the vault, which holds nothing.</summary>
    private ServiceProvider Services(LogRecorder log, string? url = null, string? audience = null)
    {
        var credential = new Mock<TokenCredential>();
        credential
            .Setup(one =>
                one.GetTokenAsync(
                    It.Is<TokenRequestContext>(asked => asked.Scopes.Single() == $"{audience}/.default"),
                    It.IsAny<CancellationToken>()
                )
            )
            .ReturnsAsync(new AccessToken(EntraToken, DateTimeOffset.MaxValue));
        var vault = new Mock<SecretClient>();
        vault
            .Setup(client => client.GetSecretAsync(It.IsAny<string>(), null, null, It.IsAny<CancellationToken>()))
            .ThrowsAsync(new RequestFailedException(404, "Not found."));
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["TokenVaultUri"] = "https://contoso-tokens.vault.azure.net",
                    ["BackupFunctionsUrl"] = (url ?? host.Url) + "/",
                    ["BackupFunctionsAudience"] = audience,
                    ["BackupFunctionsKey"] = audience is null ? Key : null,
                }
            )
            .Build();
        return new ServiceCollection()
            .AddLogging(logging => logging.AddRecorder(log).AddSuiteLog())
            .AddStoredTokens(settings)
            .AddSingleton(vault.Object)
            .AddSingleton(credential.Object)
            .BuildServiceProvider();
    }
}
