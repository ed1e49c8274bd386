using System.Text.RegularExpressions;
using BackupFunctions.Settings;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>The Bicep files are sound, and their parameters are what the app reads.</summary>
public sealed partial class TemplateTests
{
    /// <summary>The time limit of a pattern, in milliseconds.</summary>
    private const int Patience = 1000;

    [Fact]
    public async Task The_compiler_has_nothing_to_say_about_any_file()
    {
        var linted = await BicepCompiler.RunAsync("lint", "--pattern", $"{BicepCompiler.Infra}/**/*.bicep");

        Assert.Equal((0, ""), linted);
        Assert.NotEmpty((await Template.GetAsync()).Parameters);
    }

    [Theory]
    [InlineData(
        "param location string\nresource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {\n  name: \n",
        "Error"
    )]
    [InlineData("param unused string\n", "Warning")]
    public async Task The_compiler_names_what_is_wrong(string text, string severity)
    {
        using var workshop = new Workshop();
        workshop.Write("wrong.bicep", text);

        var (_, output) = await BicepCompiler.RunAsync("lint", "--pattern", workshop.File("*.bicep"));

        Assert.Contains(severity, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_resource_has_a_preview_version()
    {
        var types = (await Template.GetAsync()).ResourceTypes.ToList();

        Assert.Contains(types, type => type.StartsWith("Microsoft.Web/sites@", StringComparison.Ordinal));
        Assert.All(types, type => Assert.Matches(StableVersion(), type));
    }

    [Fact]
    public async Task Every_vendors_timer_has_a_schedule_and_none_else()
    {
        var template = await Template.GetAsync();
        var schedules = template.Parameters["schedules"];

        Assert.True(template.IsSealed(schedules));
        Assert.Equal(
            DeployedApp.Timers.Order(StringComparer.Ordinal),
            template.TypeMembers(schedules).Keys.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_vendors_with_connections_are_those_of_the_app()
    {
        var template = await Template.GetAsync();

        Assert.Equal(
            DeployedApp
                .Vendors.Where(vendor => vendor.HasOwnTimer)
                .Select(vendor => vendor.SettingsName)
                .Append("*")
                .Order(StringComparer.Ordinal),
            template.TypeMembers(template.Parameters["connections"]).Keys.Order(StringComparer.Ordinal)
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
        var template = await Template.GetAsync();
        var connection = template.TypeMembers(template.TypeMembers(template.Parameters["connections"])[vendorName])[
            "*"
        ];
        var offered = template.TypeMembers(connection);
        var vendor = DeployedApp.Vendors.Single(vendor => vendor.SettingsName == vendorName);

        var (known, needed) = SettingsOf(vendor);

        Assert.True(template.IsSealed(connection));
        Assert.Equal(known, offered.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            needed,
            offered
                .Where(member => !Template.IsOptional(member.Value))
                .Select(member => member.Key)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_parameter_file_names_existing_parameters()
    {
        var template = await Template.GetAsync();
        var parameters = AzdParameters.Read();

        Assert.All(parameters, parameter => Assert.Contains(parameter.Key, template.Parameters.Keys));
        Assert.Equal(
            DeployedApp.Vendors.Where(vendor => vendor.HasOwnTimer).Select(vendor => vendor.SettingsName),
            parameters["connections"]!["value"]!.AsObject().Select(vendor => vendor.Key)
        );
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

    [GeneratedRegex(@"^[Mm]icrosoft\.[A-Za-z]+(/[A-Za-z]+)+@\d{4}-\d\d-\d\d$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex StableVersion();

    [GeneratedRegex(@" Its settings are (?<names>.+)\.$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex KnownSettings();

    [GeneratedRegex(@":(?<name>\w+) is not set\.", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex NotSet();
}
