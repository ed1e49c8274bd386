using System.Diagnostics.CodeAnalysis;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;

namespace BackupFunctions.Benchmarks.WarmHits;

/// <summary>A connection of <see cref="NearVendor"/>, without credentials.</summary>
internal sealed class NearConnection : Connection
{
    [SetsRequiredMembers]
    public NearConnection(int number)
    {
        Key = new ConnectionKey("near", $"c{number}");
        TokenSecretName = $"near-c{number}-access-token";
    }

    public override IReadOnlyList<CredentialName> Credentials => [];
}
