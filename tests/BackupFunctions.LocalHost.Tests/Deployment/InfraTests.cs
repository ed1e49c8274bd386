using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using BackupFunctions.Connections;
using BackupFunctions.Locking;
using BackupFunctions.Renewal;
using BackupFunctions.Settings;
using BackupFunctions.Storage;
using BackupFunctions.Sweeps;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>The deployment matches the app; checked without Bicep and without Azure.</summary>
public sealed partial class InfraTests
{
    /// <summary>The time limit of a pattern, in milliseconds.</summary>
    private const int Patience = 1000;

    /// <summary>The outputs of earlier modules that the function app needs, by parameter name.</summary>
    private static readonly Dictionary<string, string> Handed = new(StringComparer.Ordinal)
    {
        ["storageAccountName"] = "stcontosobackup",
        ["identityClientId"] = "8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11",
        ["applicationInsightsConnectionString"] = "IngestionEndpoint=https://contoso.example",
        ["vaultUri"] = "https://kvc-contoso.vault.azure.net/",
        ["tokenVaultUri"] = "https://kvt-contoso.vault.azure.net/",
        ["requireAppRoles"] = "False",
        ["functionKeys"] = "True",
        ["entraClientId"] = "",
        ["alertWebhookSecretName"] = "alert-webhook-url",
        ["everyFiveMinutes"] = RefreshSchedule.DefaultExpression,
    };

    [Fact]
    public async Task Every_bicep_file_parses()
    {
        var files = await BicepFile.AllAsync();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Empty(file.Errors));
    }

    [Fact]
    public async Task A_bicep_file_with_a_syntax_error_does_not_parse()
    {
        using var broken = new TemporaryFile(
            "param location string\nresource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {\n  name: \n",
            "bicep"
        );

        var file = Assert.Single(await BicepFile.ParseAsync(broken.Path));

        Assert.NotEmpty(file.Errors);
    }

    [Fact]
    public async Task No_resource_has_a_preview_version()
    {
        var resources = (await BicepFile.AllAsync())
            .SelectMany(file => file.Resources)
            .Where(resource => resource.Contains('/', StringComparison.Ordinal))
            .ToList();

        Assert.Contains(resources, resource => resource.StartsWith("Microsoft.Web/sites@", StringComparison.Ordinal));
        Assert.All(resources, resource => Assert.Matches(StableVersion(), resource));
    }

    [Fact]
    public async Task Storage_and_telemetry_use_no_keys()
    {
        var text = string.Join('\n', (await BicepFile.AllAsync()).Select(file => file.Text));

        Assert.Equal(["false"], ValuesOf("allowSharedKeyAccess", text));
        Assert.Equal(["true"], ValuesOf("DisableLocalAuth", text));
        Assert.Equal(["true"], ValuesOf("enableRbacAuthorization", text));
        Assert.Equal(["true"], ValuesOf("enablePurgeProtection", text));
        Assert.DoesNotContain("listKeys", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_vendors_timer_has_its_schedule()
    {
        var app = await BicepFile.OneAsync("modules/function-app.bicep");
        var types = (await BicepFile.OneAsync("types.bicep")).Types;

        var schedules = AppSettings(app)
            .Where(setting => setting.Name.EndsWith("RefreshSchedule", StringComparison.Ordinal));

        Assert.Equal(
            Timers().Select(timer => ($"{timer}RefreshSchedule", $"schedules.?{timer} ?? everyFiveMinutes")).Order(),
            schedules.Select(setting => (setting.Name, setting.Value)).Order()
        );
        Assert.Contains(
            $"var everyFiveMinutes = '{RefreshSchedule.DefaultExpression}'",
            app.Text,
            StringComparison.Ordinal
        );
        Assert.Equal(
            Timers().Order(StringComparer.Ordinal),
            types["refreshSchedules"].Keys.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_vendors_with_connections_are_those_of_the_app()
    {
        var types = (await BicepFile.OneAsync("types.bicep")).Types;

        Assert.Equal(
            Vendors()
                .Where(vendor => vendor.HasOwnTimer)
                .Select(vendor => vendor.SettingsName)
                .Append("*")
                .Order(StringComparer.Ordinal),
            types["vendorConnections"].Keys.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("Acronis")]
    [InlineData("AcronisCyberApp")]
    [InlineData("AvePoint")]
    [InlineData("BackupNet")]
    [InlineData("Veeam")]
    public async Task A_connection_offers_what_its_vendor_reads_and_demands_what_it_needs(string vendorName)
    {
        var types = (await BicepFile.OneAsync("types.bicep")).Types;
        var offered = types[types[types["vendorConnections"][vendorName].TrimEnd('?')]["*"]];
        var vendor = Vendors().Single(vendor => vendor.SettingsName == vendorName);

        var (known, needed) = SettingsOf(vendor);

        Assert.Equal(known, offered.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            needed,
            offered
                .Where(property => !property.Value.EndsWith('?'))
                .Select(property => property.Key)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_app_starts_with_the_settings_of_the_deployment()
    {
        var app = await BicepFile.OneAsync("modules/function-app.bicep");
        var settings = AppSettings(app)
            .ToDictionary(
                setting => setting.Name.Replace("__", ":", StringComparison.Ordinal),
                setting => Evaluate(setting.Value),
                StringComparer.Ordinal
            );
        using var services = Services(settings);

        var options = services.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value;

        Assert.Equal(
            (Handed["vaultUri"], Handed["tokenVaultUri"]),
            (options.VaultUri.AbsoluteUri, options.TokenVaultUri.AbsoluteUri)
        );
        Assert.IsType<BlobLeaseRefreshLock>(services.GetRequiredService<IRefreshLock>());
        Assert.Equal(
            ("managedidentity", "ManagedIdentityCredential", Handed["identityClientId"], "0"),
            (
                settings["AzureWebJobsStorage:credential"],
                settings["AZURE_TOKEN_CREDENTIALS"],
                settings["AZURE_CLIENT_ID"],
                settings["WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED"]
            )
        );
    }

    [Fact]
    public async Task App_roles_are_required_only_with_authentication()
    {
        var app = (await BicepFile.OneAsync("modules/function-app.bicep")).Text;

        Assert.Contains("var usesEntra = !empty(entraClientId)", app, StringComparison.Ordinal);
        Assert.Contains("var requireAppRoles = string(usesEntra)", app, StringComparison.Ordinal);
        Assert.Contains("var functionKeys = string(!usesEntra)", app, StringComparison.Ordinal);
        Assert.Contains("resource authentication 'config' = if (usesEntra)", app, StringComparison.Ordinal);
        Assert.Equal(["'AllowAnonymous'"], ValuesOf("unauthenticatedClientAction", app));
    }

    [Fact]
    public async Task The_platform_accepts_tokens_of_an_app_registered_as_documented()
    {
        var app = (await BicepFile.OneAsync("modules/function-app.bicep")).Text;
        var access = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "access.md"));

        Assert.Contains(
            "--identifier-uris api://<client id> --requested-access-token-version 2",
            access,
            StringComparison.Ordinal
        );
        Assert.EndsWith("/v2.0'", Assert.Single(ValuesOf("openIdIssuer", app)), StringComparison.Ordinal);
        Assert.Matches(Audiences(), app);
    }

    [Fact]
    public async Task The_alerts_query_what_the_app_writes()
    {
        var alerts = (await BicepFile.OneAsync("modules/alerts.bicep")).Text;
        var nameInText = new Regex(
            ConnectionPattern().Match(alerts).Groups["pattern"].Value,
            RegexOptions.None,
            TimeSpan.FromMilliseconds(Patience)
        );
        var connection = new ConnectionKey("acronis-cyberapp", "default");

        var names = new[] { nameof(RenewalLog.Renewed), nameof(RenewalLog.RenewalFailed) }
            .Select(MessageOf)
            .Select(message =>
                nameInText
                    .Match(message.Replace("{Connection}", connection.ToString(), StringComparison.Ordinal))
                    .Groups[1]
                    .Value
            );

        Assert.All(names, name => Assert.Equal(connection.ToString(), name));
        Assert.Contains($"endswith \"{nameof(RefreshSweepException)}\"", alerts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_parameter_file_names_existing_parameters()
    {
        using var document = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(BicepFile.Folder, "main.parameters.json"))
        );
        var main = await BicepFile.OneAsync("main.bicep");

        var parameters = document.RootElement.GetProperty("parameters");

        Assert.All(parameters.EnumerateObject(), parameter => Assert.Contains(parameter.Name, main.Parameters));
        Assert.Equal(
            Vendors().Where(vendor => vendor.HasOwnTimer).Select(vendor => vendor.SettingsName),
            parameters.GetProperty("connections").GetProperty("value").EnumerateObject().Select(vendor => vendor.Name)
        );
    }

    [Fact]
    public async Task A_deployment_from_github_passes_every_variable_that_the_parameter_file_reads()
    {
        var parameters = await File.ReadAllTextAsync(Path.Combine(BicepFile.Folder, "main.parameters.json"));
        var workflow = await File.ReadAllTextAsync(Path.Combine(Repository.Root, ".github", "workflows", "deploy.yml"));

        var read = Variable().Matches(parameters).Select(match => match.Groups["name"].Value).ToList();

        Assert.Contains("ENTRA_CLIENT_ID", read);
        Assert.All(read, name =>
            Assert.Contains($"\n      {name}: ${{{{ vars.{name} ", workflow, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_deployment_finds_the_function_app_by_its_tag()
    {
        var app = (await BicepFile.OneAsync("modules/function-app.bicep")).Text;
        var project = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "azure.yaml"));

        var service = Assert.Single(AzdService().Matches(project)).Groups["name"].Value;

        Assert.Contains($"'azd-service-name': '{service}'", app, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_action_of_the_workflows_is_pinned_to_a_commit()
    {
        var steps = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, ".github", "workflows"), "*.yml")
            .SelectMany(File.ReadLines)
            .Where(line => Uses().IsMatch(line))
            .ToList();

        Assert.NotEmpty(steps);
        Assert.All(steps, step => Assert.Matches(PinnedUse(), step));
    }

    private static string MessageOf(string logMethod) =>
        typeof(RenewalLog)
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(method => method.Name == logMethod)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Single()
            .Message;

    private static IEnumerable<string> Timers() => Vendors().Select(vendor => vendor.TimerName).Distinct();

    private static IReadOnlyList<VendorProfile> Vendors()
    {
        using var services = Services([]);
        return [.. services.GetServices<VendorProfile>()];
    }

    private static ServiceProvider Services(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings!).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddBackupTokens(configuration).AddKeyVault().AddVendors();
        return services.BuildServiceProvider();
    }

    /// <summary>
    /// The settings that a vendor knows and requires, taken from its findings about a connection with one unknown
    /// setting.
    /// </summary>
    private static (IEnumerable<string> Known, IEnumerable<string> Needed) SettingsOf(VendorProfile vendor)
    {
        const string path = "Connections:Any:default";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"{path}:Unknown", "x")]).Build();
        List<SettingFinding> findings = [];
        ConnectionReader.Read(new ConnectionValues.OfSettings(configuration.GetSection(path)), vendor, findings);
        var known = findings
            .Select(finding => KnownSettings().Match(finding.ToString()))
            .Single(match => match.Success)
            .Groups["names"]
            .Value.Split(", ");
        var needed = findings
            .Select(finding => NotSet().Match(finding.ToString()))
            .Where(match => match.Success)
            .Select(match => match.Groups["name"].Value);
        return (known.Order(StringComparer.Ordinal), needed.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<(string Name, string Value)> AppSettings(BicepFile app) =>
        AppSetting().Matches(app.Text).Select(match => (match.Groups["name"].Value, match.Groups["value"].Value));

    private static string Evaluate(string expression) =>
        expression.StartsWith('\'')
            ? Inserted().Replace(expression.Trim('\''), match => Handed[match.Groups["name"].Value])
            : Handed[expression[(expression.LastIndexOf(' ') + 1)..]];

    private static IEnumerable<string> ValuesOf(string property, string text) =>
        Regex
            .Matches(
                text,
                $@"\b{property}: (?<value>.+)",
                RegexOptions.ExplicitCapture,
                TimeSpan.FromMilliseconds(Patience)
            )
            .Select(match => match.Groups["value"].Value);

    [GeneratedRegex(@"^Microsoft\.[A-Za-z]+(/[A-Za-z]+)+@\d{4}-\d\d-\d\d$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex StableVersion();

    [GeneratedRegex(@"\{ name: '(?<name>\w+)', value: (?<value>.+) \}", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex AppSetting();

    [GeneratedRegex(@"\$\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Inserted();

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)(=\w*)?\}", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Variable();

    /// <summary>The audience is the client ID in tokens of version 2, and the address in tokens of version 1.</summary>
    [GeneratedRegex(
        @"allowedAudiences: \[\s+entraClientId\s+'api://\$\{entraClientId\}'\s+\]",
        RegexOptions.ExplicitCapture,
        Patience
    )]
    private static partial Regex Audiences();

    [GeneratedRegex(@" Its settings are (?<names>.+)\.$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex KnownSettings();

    [GeneratedRegex(@":(?<name>\w+) is not set\.", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex NotSet();

    [GeneratedRegex(@"extract\(@""(?<pattern>\^Renew[^""]+)""", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex ConnectionPattern();

    [GeneratedRegex(
        @"^  (?<name>\w+):\s+project: \./src/BackupFunctions\s",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        Patience
    )]
    private static partial Regex AzdService();

    [GeneratedRegex(@"^\s*(-\s+)?uses:", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Uses();

    [GeneratedRegex(@"uses: [\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+(\.\d+)*$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex PinnedUse();
}
