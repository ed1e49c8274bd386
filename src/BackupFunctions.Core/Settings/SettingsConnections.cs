using BackupFunctions.Connections;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>
/// Reads the connections of the section <c>Connections</c>. What is wrong with one makes it misconfigured and nothing
/// else.
/// </summary>
internal sealed class SettingsConnections(IReadOnlyList<VendorProfile> vendors)
{
    private readonly List<Connection> _connections = [];
    private readonly List<MisconfiguredConnection> _misconfigured = [];

    /// <summary>Reads them.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="findings">Receives the settings that this version does not know.</param>
    public (IReadOnlyList<Connection> Usable, IReadOnlyList<MisconfiguredConnection> Misconfigured) Read(
        IConfiguration configuration,
        List<SettingFinding> findings
    )
    {
        foreach (var section in configuration.GetSection("Connections").GetChildren())
        {
            ReadVendor(section, findings);
        }

        var clashes = SecretNameClashes.Find(_connections);
        _misconfigured.AddRange(clashes.Select(clash => Wrong(clash.Key.Vendor, clash.Key.Key, [clash.Value])));
        return ([.. _connections.Where(connection => !clashes.ContainsKey(connection))], _misconfigured);
    }

    private void ReadVendor(IConfigurationSection section, List<SettingFinding> findings)
    {
        var vendor = vendors.FirstOrDefault(vendor =>
            vendor.SettingsName.Equals(section.Key, StringComparison.OrdinalIgnoreCase)
        );
        if (vendor is null)
        {
            var names = string.Join(", ", vendors.Select(known => known.SettingsName));
            findings.AddUnknown(section.Path, "is not a known vendor.", $"The vendors are {names}.");
            return;
        }

        if (section.Value is { Length: > 0 })
        {
            findings.AddUnknown(
                section.Path,
                "has a value where a connection's name should follow.",
                $"A setting of a connection is, for example, {section.Path}:default:ClientId."
            );
        }

        foreach (var connection in section.GetChildren())
        {
            ReadConnection(vendor, connection, findings);
        }
    }

    private void ReadConnection(VendorProfile vendor, IConfigurationSection section, List<SettingFinding> findings)
    {
        var found = new List<SettingFinding>();
        var connection = ConnectionKey.IsName(section.Key)
            ? ConnectionReader.Read(new ConnectionValues.OfSettings(section), vendor, found)
            : null;
        if (!ConnectionKey.IsName(section.Key))
        {
            found.Add(
                section.Path,
                "is not a valid connection name.",
                "Give 1 to 40 letters and digits, for example default."
            );
        }

        if (connection is not null)
        {
            _connections.Add(connection);
            findings.AddRange(found);
            return;
        }

        // What is unknown is most likely the misspelt name of what is missing, so both belong together.
        _misconfigured.Add(Wrong(vendor, new ConnectionKey(vendor.Name, section.Key.ToLowerInvariant()), found));
    }

    private static MisconfiguredConnection Wrong(
        VendorProfile vendor,
        ConnectionKey key,
        IReadOnlyList<SettingFinding> found
    )
    {
        var (problem, remedy) = SettingFindings.InWords(found);
        return new MisconfiguredConnection(vendor, key, problem, remedy);
    }
}
