using System.Diagnostics.CodeAnalysis;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;

namespace BackupFunctions.Benchmarks;

/// <summary>One of many connections at <see cref="NearVendor"/>; it needs no credential.</summary>
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
