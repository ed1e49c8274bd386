using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Vendors;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>Connections at the fake vendor.</summary>
internal static class FakeConnection
{
    public static Connection Named(
        string name,
        VendorProfile vendor,
        TimeSpan? refreshBefore = null,
        bool hasCertificate = false
    ) =>
        new()
        {
            Vendor = vendor,
            Key = new ConnectionKey(vendor.Name, name),
            Server = new Uri("https://vendor.example"),
            Credential = new CredentialName($"{vendor.Name}-{name}-client-secret", IsCertificate: hasCertificate),
            TokenSecretName = $"{vendor.Name}-{name}-access-token",
            RefreshBefore = refreshBefore,
        };
}
