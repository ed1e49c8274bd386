using System.Text.Json;
using BackupFunctions.Connections;
using BackupFunctions.Emulators;
using BackupFunctions.Locking;
using BackupFunctions.Settings;
using BackupFunctions.Storage;
using BackupFunctions.Sweeps;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>The files of the Functions app, checked without its packages.</summary>
public sealed class AppFilesTests
{
    private static readonly FileInfo Sample = new(Path.Combine(Repository.Root, "local.settings.sample.json"));

    public static TheoryData<string, string> TokenRoutes { get; } =
        new(
            AppSources
                .HttpFunctions.Where(function => function.Name.StartsWith("Get", StringComparison.Ordinal))
                .SelectMany(function => function.Methods.Select(method => (method, function.Route)))
        );

    [Fact]
    public async Task The_sample_has_every_setting_that_the_emulators_need_and_no_other()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        // A pin would not survive a restart of the emulators, so the sample uses the appliance's plain address.
        var wanted = OfTheSample(suite)
            .Select(setting => setting.Key)
            .Where(key => !key.EndsWith(":ServerCertificateSha256", StringComparison.Ordinal))
            .Concat(AppSources.TimerFunctions.Select(function => function.Schedule))
            .Concat(["AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME"]);

        Assert.Equal(wanted.Order(StringComparer.Ordinal), Values().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_samples_names_are_those_that_the_emulators_know()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        var names = OfTheSample(suite)
            .Where(setting =>
                setting.Key.EndsWith(":ClientId", StringComparison.Ordinal)
                || setting.Key.EndsWith(":Username", StringComparison.Ordinal)
            )
            .ToList();

        Assert.Equal(5, names.Count);
        Assert.All(names, setting => Assert.Equal(setting.Value, Values()[setting.Key]));
    }

    [Fact]
    public void The_sample_is_valid_and_describes_a_connection_of_every_vendor_with_a_function_of_its_own()
    {
        using var services = Services(Values());

        var options = services.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value;

        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal(
            services
                .GetServices<VendorProfile>()
                .Where(vendor => vendor.HasOwnTimer)
                .Select(vendor => vendor.Name)
                .Order(StringComparer.Ordinal),
            options
                .Connections.Where(target => target.Key.Connection == "default")
                .Select(target => target.Vendor.Name)
                .Order(StringComparer.Ordinal)
        );
        Assert.IsType<BlobLeaseRefreshLock>(services.GetRequiredService<IRefreshLock>());
    }

    [Fact]
    public void A_misspelt_setting_is_found()
    {
        var values = Values();
        values["Connections:Veeam:default:Usrname"] = "x";
        using var services = Services(values);

        var options = services.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value;
        Assert.Equal("Connections:Veeam:default:Usrname", Assert.Single(options.Unknown).Key);
    }

    [Fact]
    public void The_samples_addresses_are_those_of_the_emulators_program()
    {
        var ports = EmulatorPorts.Fixed;
        var values = Values();

        Assert.Equal($"https://127.0.0.1:{ports.Vault}", values["KeyVault:VaultUri"]);
        Assert.Equal($"http://127.0.0.1:{ports.Acronis}", values["Connections:Acronis:default:DataCenterUrl"]);
        Assert.Equal(
            $"http://127.0.0.1:{ports.AcronisCyberApp}",
            values["Connections:AcronisCyberApp:default:DataCenterUrl"]
        );
        Assert.Equal($"http://127.0.0.1:{ports.AvePoint}", values["Connections:AvePoint:default:IdentityServiceUrl"]);
        Assert.Equal($"http://127.0.0.1:{ports.AvePoint}", values["Connections:AvePoint:default:ApiUrl"]);
        Assert.Equal($"http://127.0.0.1:{ports.BackupNet}", values["Connections:BackupNet:default:Authority"]);
        Assert.Equal($"http://127.0.0.1:{ports.BackupNet}", values["Connections:BackupNet:default:ApiUrl"]);
        Assert.Equal($"http://127.0.0.1:{ports.VeeamPlain}", values["Connections:Veeam:default:BaseUrl"]);
    }

    [Fact]
    public async Task Local_host_serves_every_connection_of_the_sample_from_the_emulators()
    {
        await using var azurite = await AzuriteServer.StartAsync();
        await using var suite = await EmulatorSuite.StartAsync(
            new EmulatorOptions { Ports = EmulatorPorts.Free with { VeeamPlain = 0 } }
        );
        await using var host = await RunningHost.StartAsync(OnOtherPorts(Values(), suite, azurite.ConnectionString));
        suite.Credentials.Guarded();

        var directory = host.Services.GetRequiredService<ConnectionDirectory>();
        var connections = directory.Vendors.SelectMany(directory.Of).ToList();
        Assert.Equal(5, connections.Count);
        foreach (var connection in connections)
        {
            var vendor = connection.Vendor.Name;
            var reply = await host.GetTokenAsync(vendor);

            Assert.Equal((200, vendor), (reply.Status, reply.Text("vendor")));
            Assert.NotNull(suite.Vault.Secrets.Get($"{vendor}-default-access-token"));
        }

        suite.Vault.GuardTokens();
    }

    [Fact]
    public void Every_setting_that_a_trigger_names_is_in_the_sample()
    {
        Assert.NotEmpty(AppSources.Settings);
        Assert.All(AppSources.Settings, setting => Assert.Contains(setting, Values().Keys));
    }

    /// <summary>The routes for operators and other programs.</summary>
    private static readonly (string Name, string Route)[] FurtherFunctions =
    [
        ("Call", "Call/{vendor}/{connection}/{*path}"),
        ("Check", "Check"),
        ("Connections", "connections"),
        ("EnrollVeeam", "Enroll/{vendor}/{connection?}"),
        ("GetToken", "GetToken/{vendor}/{connection?}"),
        ("Health", "health"),
        ("OpenApi", "openapi.json"),
        ("RefreshNow", "Refresh/{vendor}/{connection?}"),
        ("Revoke", "Revoke/{vendor}/{connection}"),
        ("Status", "status"),
        ("StatusPage", "status/page"),
        ("TestAlert", "Alerts/Test"),
    ];

    [Fact]
    public void Every_vendor_has_a_token_and_a_timer_function_and_no_other_vendor_has()
    {
        using var services = Services(Values());
        var vendors = services.GetServices<VendorProfile>().Where(vendor => vendor.HasOwnTimer).ToList();

        Assert.Equal(
            vendors
                .Select(vendor => ($"Get{vendor.SettingsName}Token", $"GetToken/{vendor.Name}/{{connection?}}"))
                .Concat(FurtherFunctions)
                .Order(),
            AppSources.HttpFunctions.Select(function => (function.Name, function.Route)).Order()
        );
        Assert.Equal(
            vendors
                .Select(vendor => ($"Refresh{vendor.SettingsName}", $"{vendor.SettingsName}RefreshSchedule"))
                .Append(("RefreshCatalogue", "CatalogueRefreshSchedule"))
                .Order(),
            AppSources.TimerFunctions.Order()
        );
        Assert.Equal(
            vendors
                .SelectMany(vendor =>
                    new[]
                    {
                        ($"Get{vendor.SettingsName}Token", vendor.Name),
                        ($"Refresh{vendor.SettingsName}", vendor.Name),
                    }
                )
                .Order(),
            AppSources.Vendors.Order()
        );
        Assert.Equal(AppSources.Triggers, AppSources.HttpFunctions.Count + AppSources.TimerFunctions.Count);
    }

    [Theory]
    [MemberData(nameof(TokenRoutes))]
    public async Task Local_host_serves_every_token_route_of_the_app(string method, string route)
    {
        await using var host = await RunningHost.StartAsync();
        // The route of all vendors serves any of them.
        var path = route["GetToken/".Length..].Replace("{vendor}", "VEEAM", StringComparison.Ordinal);

        var unnamed = await host.GetTokenAsync(
            path.Replace("/{connection?}", "", StringComparison.Ordinal),
            HttpMethod.Parse(method)
        );
        var named = await host.GetTokenAsync(
            path.Replace("{connection?}", "default", StringComparison.Ordinal),
            HttpMethod.Parse(method)
        );

        Assert.Equal((200, 200), (unnamed.Status, named.Status));
    }

    [Fact]
    public async Task Local_host_serves_refresh_now_as_the_app_does()
    {
        await using var host = await RunningHost.StartAsync();
        var function = AppSources.HttpFunctions.Single(function => function.Name == "RefreshNow");
        var path = function
            .Route.Replace("{vendor}", "acronis", StringComparison.Ordinal)
            .Replace("{connection?}", "default", StringComparison.Ordinal);

        using var renewed = await host.Client.PostAsync($"/api/{path}", content: null);
        using var read = await host.Client.GetAsync($"/api/{path}");

        Assert.Equal(["post"], function.Methods);
        Assert.Equal((200, 405), ((int)renewed.StatusCode, (int)read.StatusCode));
    }

    [Fact]
    public async Task Local_host_checks_as_the_app_does()
    {
        await using var host = await RunningHost.StartAsync();
        var function = AppSources.HttpFunctions.Single(function => function.Name == "Check");

        using var looked = await host.Client.PostAsync($"/api/{function.Route}?signIn=false", content: null);
        using var read = await host.Client.GetAsync($"/api/{function.Route}");

        Assert.Equal(["post"], function.Methods);
        Assert.Equal((200, 405), ((int)looked.StatusCode, (int)read.StatusCode));
    }

    [Fact]
    public async Task Local_host_runs_every_timer_function_of_the_app_by_its_name()
    {
        await using var host = await RunningHost.StartAsync();

        foreach (var (name, _) in AppSources.TimerFunctions)
        {
            using var reply = await host.Client.PostAsync($"/admin/functions/{name}", content: null);

            Assert.Equal(202, (int)reply.StatusCode);
        }
    }

    [Fact]
    public async Task A_timer_function_sweeps_the_vendor_that_it_names()
    {
        await using var host = await RunningHost.StartAsync();
        var sweep = host.Services.GetRequiredService<RefreshSweep>();

        foreach (var vendor in AppSources.Vendors.Select(function => function.Vendor).Distinct(StringComparer.Ordinal))
        {
            var report = await sweep.RunAsync(vendor, CancellationToken.None);

            Assert.Equal((vendor, 1), (report.Vendor, report.Renewed));
        }

        await Assert.ThrowsAsync<ArgumentException>(() => sweep.RunAsync("nobody", CancellationToken.None));
    }

    [Fact]
    public void The_host_file_forbids_caching_and_leaves_telemetry_to_open_telemetry()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")));
        var host = document.RootElement;
        var http = host.GetProperty("extensions").GetProperty("http");
        var headers = http.GetProperty("customHeaders");

        Assert.Equal("2.0", host.GetProperty("version").GetString());
        Assert.Equal("OpenTelemetry", host.GetProperty("telemetryMode").GetString());
        Assert.Equal("api", http.GetProperty("routePrefix").GetString());
        Assert.Equal("no-store", headers.GetProperty("Cache-Control").GetString());
        Assert.Equal("nosniff", headers.GetProperty("X-Content-Type-Options").GetString());
        Assert.InRange(
            TimeSpan.Parse(
                host.GetProperty("functionTimeout").GetString()!,
                System.Globalization.CultureInfo.InvariantCulture
            ),
            TimeSpan.FromMinutes(5),
            TimeSpan.FromMinutes(10)
        );
        // A compiled app has its own extensions; a bundle would add a second version of each.
        Assert.False(host.TryGetProperty("extensionBundle", out _));
        Assert.Equal(
            ["version", "telemetryMode", "functionTimeout", "logging", "extensions"],
            host.EnumerateObject().Select(member => member.Name)
        );
    }

    /// <summary>The host would export a copy of each line without its properties; the worker exports the lines.</summary>
    [Fact]
    public void The_host_shows_the_workers_lines_and_does_not_export_them_again()
    {
        const string console = "Host.Function.Console";
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")));
        var logging = document.RootElement.GetProperty("logging");

        Assert.Equal("Information", logging.GetProperty("logLevel").GetProperty(console).GetString());
        Assert.Equal(
            "None",
            logging.GetProperty("OpenTelemetry").GetProperty("logLevel").GetProperty(console).GetString()
        );
    }

    /// <summary>The emulators' settings of the vendors that have functions of their own.</summary>
    private static IEnumerable<KeyValuePair<string, string>> OfTheSample(EmulatorSuite suite)
    {
        var others = VendorProfiles
            .BuiltIn.Where(vendor => !vendor.HasOwnTimer)
            .Select(vendor => $"Connections:{vendor.SettingsName}:")
            .ToList();
        return suite
            .ClientSettings()
            .Where(setting => !others.Any(prefix => setting.Key.StartsWith(prefix, StringComparison.Ordinal)));
    }

    /// <summary>The sample as LocalHost reads it, without environment variables.</summary>
    private static Dictionary<string, string?> Values()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Sample.FullName));
        var names = document
            .RootElement.GetProperty("Values")
            .EnumerateObject()
            .Select(value => value.Name.Replace("__", ":", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        var settings = LocalSettings.Read(Sample);
        return names.ToDictionary(name => name, name => settings[name], StringComparer.Ordinal);
    }

    private static ServiceProvider Services(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddBackupTokens(configuration).AddKeyVault().AddVendors();
        return services.BuildServiceProvider();
    }

    /// <summary>The sample with other addresses, because fixed ports cannot be used twice on one machine.</summary>
    private static Dictionary<string, string> OnOtherPorts(
        Dictionary<string, string?> values,
        EmulatorSuite suite,
        string storage
    )
    {
        var addresses = suite.ClientSettings();
        var moved = values.ToDictionary(
            setting => setting.Key,
            setting =>
                Uri.IsWellFormedUriString(setting.Value, UriKind.Absolute) ? addresses[setting.Key] : setting.Value!,
            StringComparer.Ordinal
        );
        moved["Connections:Veeam:default:BaseUrl"] = suite.VeeamPlainAddress!.AbsoluteUri;
        moved["AzureWebJobsStorage"] = storage;
        return moved;
    }
}
