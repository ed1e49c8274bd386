using System.Reflection;

namespace BackupFunctions.Vendors;

/// <summary>The built-in vendors: each is one file that adds its property to this class, and nothing else.</summary>
public static partial class VendorProfiles
{
    /// <summary>Every built-in vendor, by name.</summary>
    public static IReadOnlyList<VendorProfile> BuiltIn { get; } =
    [
        .. typeof(VendorProfiles)
            .GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(VendorProfile))
            .Select(property => (VendorProfile)property.GetValue(null)!)
            .OrderBy(profile => profile.Name, StringComparer.Ordinal),
    ];
}
