using BackupFunctions.Connections;
using BackupFunctions.Vendors;

namespace BackupFunctions.Settings;

/// <summary>
/// Reads a connection from the secret that defines it, by the same rules as one in settings. A finding names the
/// secret, never what it holds.
/// </summary>
internal sealed class VaultConnectionReader(IEnumerable<VendorProfile> vendors)
{
    private readonly IReadOnlyList<VendorProfile> _vendors = [.. vendors];

    /// <summary>Reads a connection.</summary>
    /// <param name="secretName">The secret's name.</param>
    /// <param name="value">What it holds.</param>
    /// <param name="findings">What is wrong with it, in whole sentences.</param>
    /// <returns>The connection and the digest of its settings; null if anything is wrong.</returns>
    public (Connection Target, string Definition)? Read(string secretName, string value, List<SettingFinding> findings)
    {
        var parts = new List<SettingFinding>();
        var document = ConnectionDocument.Parse(value, parts);
        findings.AddRange(parts.Select(part => part with { Key = $"The secret {secretName}" }));
        if (document is null)
        {
            return null;
        }

        var vendor = _vendors.FirstOrDefault(vendor => vendor.Name == document.Vendor);
        if (vendor is null)
        {
            findings.Add(
                $"The secret {secretName}: vendor",
                "is not a known vendor.",
                $"The vendors are {string.Join(", ", _vendors.Select(known => known.Name))}."
            );
        }

        if (!ConnectionKey.IsName(document.Connection))
        {
            findings.Add(
                $"The secret {secretName}: connection",
                "is not a valid connection name.",
                "Give 1 to 40 letters and digits, for example contoso."
            );
        }

        if (vendor is null || findings.Count > 0)
        {
            return null;
        }

        var values = new ConnectionValues.OfSecret(new DefiningSecret(secretName, document));
        return ConnectionReader.Read(values, vendor, findings) is { } connection
            ? (connection, document.Definition)
            : null;
    }
}
