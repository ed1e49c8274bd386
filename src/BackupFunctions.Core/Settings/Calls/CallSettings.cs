using BackupFunctions.Connections;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings.Calls;

/// <summary>
/// Reads what may be called: <c>Calls:{Vendor}:{connection}:Allow</c>, one rule, several parted by semicolons, or a
/// list (<c>…:Allow:0</c>). The connection may be one that a secret defines. Where a rule is wrong, nothing may be
/// called.
/// </summary>
internal sealed class CallSettings(IReadOnlyList<VendorProfile> vendors)
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Calls";

    private const string Allow = "Allow";

    /// <summary>Reads the rules.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="findings">Receives what is wrong.</param>
    public IReadOnlyDictionary<ConnectionKey, CallRules> Read(
        IConfiguration configuration,
        ICollection<SettingFinding> findings
    )
    {
        var rules = new Dictionary<ConnectionKey, CallRules>();
        foreach (var section in configuration.GetSection(Section).GetChildren())
        {
            var vendor = vendors.FirstOrDefault(vendor =>
                vendor.SettingsName.Equals(section.Key, StringComparison.OrdinalIgnoreCase)
            );
            if (vendor is null)
            {
                findings.AddUnknown(
                    section.Path,
                    "is not a known vendor.",
                    $"Name one as in Connections, for example {Section}:Acronis:default:{Allow}."
                );
                continue;
            }

            foreach (var connection in section.GetChildren())
            {
                rules[new ConnectionKey(vendor.Name, connection.Key.ToLowerInvariant())] = Read(connection, findings);
            }
        }

        return rules;
    }

    private static CallRules Read(IConfigurationSection connection, ICollection<SettingFinding> findings)
    {
        var unknown = connection.GetChildren().FirstOrDefault(child => !Is(child.Key, Allow));
        var section = connection.GetSection(Allow);
        var texts = section
            .GetChildren()
            .Select(child => child.Value ?? "")
            .Concat(
                (section.Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            )
            .Select(text => text.Trim())
            .ToList();
        var read = texts.Select(CallRule.TryParse).ToList();
        var rules = read.OfType<CallRule>().ToList();
        if (unknown is null && rules.Count == texts.Count && rules.Count > 0)
        {
            return new CallRules(rules);
        }

        var (key, problem) = unknown is not null
            ? (unknown.Path, "is not a setting.")
            : (section.Path, "is not a list of calls.");
        const string Remedy =
            "Give methods and paths, for example 'GET api/2/tenants/*; POST api/2/reports'; "
            + "* is any method or segment, ** at the end any number of segments.";
        findings.AddUnknown(key, problem, Remedy);
        return new CallRules([], $"{key} {problem} {Remedy}");
    }

    private static bool Is(string key, string name) => key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
