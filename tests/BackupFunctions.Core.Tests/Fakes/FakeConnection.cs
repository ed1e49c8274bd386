using BackupFunctions.Connections;
using BackupFunctions.Credentials;

namespace BackupFunctions.Core.Tests.Fakes;

internal sealed class FakeConnection : Connection
{
    public override IReadOnlyList<CredentialName> Credentials => [Secret];

    public bool HasCertificate { get; set; }

    public CredentialName Secret => new($"{Key.Vendor}-{Key.Connection}-client-secret", IsCertificate: HasCertificate);

    public static FakeConnection Named(string name, TimeSpan? refreshBefore = null) =>
        new()
        {
            Key = new ConnectionKey(FakeVendor.VendorName, name),
            TokenSecretName = $"{FakeVendor.VendorName}-{name}-access-token",
            RefreshBefore = refreshBefore,
        };
}
