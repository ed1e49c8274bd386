using BackupFunctions.Connections;
using BackupFunctions.Settings;
using BackupFunctions.Settings.Calls;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Core.Tests.Settings;

public sealed class CallSettingsTests
{
    private static readonly ConnectionKey Key = new("acronis-cyberapp", "office");

    [Theory]
    [InlineData("", "GET a; * b/**")]
    [InlineData("", " GET a ;; * b/** ; ")]
    [InlineData(":0", "GET a", ":1", "* b/**")]
    public void Rules_are_one_value_or_a_list(params string[] values)
    {
        var (rules, findings) = Read(
            values.Chunk(2).Select(pair => ($"Calls:AcronisCyberApp:Office:Allow{pair[0]}", pair[1]))
        );

        Assert.Empty(findings);
        Assert.True(rules[Key].Allow("GET", "a"));
        Assert.True(rules[Key].Allow("DELETE", "b/c"));
        Assert.False(rules[Key].Allow("POST", "a"));
    }

    [Theory]
    [InlineData("Allow", "GET a; FETCH b", "is not a list of calls")]
    [InlineData("Allow", "", "is not a list of calls")]
    [InlineData("Allow:0", "GET ../x", "is not a list of calls")]
    [InlineData("Alow", "GET a", "is not a setting")]
    public void A_wrong_rule_allows_nothing_and_is_named(string key, string value, string told)
    {
        var (rules, findings) = Read([($"Calls:AcronisCyberApp:Office:{key}", value)]);

        Assert.False(rules[Key].Allow("GET", "a"));
        Assert.Contains(told, rules[Key].Problem, StringComparison.Ordinal);
        var finding = Assert.Single(findings);
        Assert.True(finding.IsUnknown);
        Assert.StartsWith("Calls:AcronisCyberApp:Office:Al", finding.Key, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_for_an_unknown_vendor_are_named()
    {
        var (rules, findings) = Read([("Calls:Acronsi:default:Allow", "GET a")]);

        Assert.Empty(rules);
        Assert.Equal("Calls:Acronsi", Assert.Single(findings).Key);
    }

    private static (IReadOnlyDictionary<ConnectionKey, CallRules> Rules, List<SettingFinding> Findings) Read(
        IEnumerable<(string Key, string Value)> settings
    )
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        var findings = new List<SettingFinding>();
        return (new CallSettings(VendorProfiles.BuiltIn).Read(configuration, findings), findings);
    }
}
