using BackupFunctions.Connections;
using BackupFunctions.Emulators;

namespace BackupFunctions.Simulation;

/// <summary>A connection, the vendor it is at, and what the simulation knows of it that no instance does.</summary>
internal sealed class Account(Connection connection, VendorEmulator vendor)
{
    public Connection Connection => connection;

    public ConnectionKey Key => connection.Key;

    public VendorEmulator Vendor => vendor;

    public VeeamEmulator? Veeam => vendor as VeeamEmulator;

    /// <summary>
    /// Whether it needs a second factor and the vault has no secret for it: a lost refresh token takes a person.
    /// </summary>
    public bool NeedsPerson { get; init; }

    /// <summary>Whether tokens die early because the vendor was told to sign in elsewhere, or the like.</summary>
    public required Action<int> RotateAtVendor { get; init; }

    public required Action<int> RotateInVault { get; init; }

    /// <summary>How many credentials there were before the present one, at the vendor and in the vault.</summary>
    public int AtVendor { get; private set; }

    public int InVault { get; private set; }

    /// <summary>The access token in the vault.</summary>
    public string? VaultToken { get; set; }

    /// <summary>Whether the vault's token was reported as rejected.</summary>
    public bool IsVaultTokenKnownDead { get; set; }

    /// <summary>Before this instant its vendor cannot be called healthy.</summary>
    public DateTimeOffset HealthyFrom { get; set; }

    /// <summary>Since when it has no usable token although everything is healthy; null if that is not so.</summary>
    public DateTimeOffset? WithoutTokenSince { get; set; }

    /// <summary>Since when, after the last storm, every call has to succeed; null if it is not that far.</summary>
    public DateTimeOffset? HealedAt { get; set; }

    /// <summary>Why its refresh token may rightly be lost; null if there is no reason.</summary>
    public string? Excuse { get; set; }

    public SignOutState SignOut { get; set; }

    /// <summary>When the operator was told that it is signed out; of the last time.</summary>
    public DateTimeOffset SignedOutAt { get; set; }

    /// <summary>When somebody last signed it in again.</summary>
    public DateTimeOffset SignedInAgainAt { get; set; }

    /// <summary>The instance that was asked to; null if nobody ever did.</summary>
    public Instance? SignedInBy { get; set; }

    /// <summary>Whether nothing was wrong with the storage that it was put on record in.</summary>
    public bool WasSignInRecorded { get; set; }

    public bool IsEnrolmentAwaited { get; set; }

    /// <summary>When a person last enrolled it.</summary>
    public DateTimeOffset EnrolledAt { get; set; }

    /// <summary>The refresh token that the vendor gave out last, and whether the vault has it.</summary>
    public string? LastRefreshToken { get; set; }

    public string? VaultRefreshToken { get; set; }

    /// <summary>
    /// When the vendor refused a sign-in, and whether the storage of the ledger had been sound for an hour.
    /// </summary>
    public List<DateTimeOffset> Refusals { get; } = [];

    /// <summary>The token requests that are under way, by instance.</summary>
    public List<Call> UnderWay { get; } = [];

    public BackOffWatch BackOff { get; } = new();

    public bool AreCredentialsEqual => AtVendor == InVault;

    public void SetAtVendor(int version)
    {
        AtVendor = version;
        RotateAtVendor(version);
    }

    public void SetInVault(int version)
    {
        InVault = version;
        RotateInVault(version);
    }
}
