using BackupFunctions.Tokens;

namespace BackupFunctions.Settings;

/// <summary>The settings of design.md, read and validated.</summary>
public sealed class BackupFunctionsOptions
{
    /// <summary>The vault with credentials and refresh tokens (<c>KeyVault:VaultUri</c>).</summary>
    public Uri VaultUri { get; set; } = null!;

    /// <summary>The vault for access tokens (<c>KeyVault:TokenVaultUri</c>); the same one where it is not set.</summary>
    public Uri TokenVaultUri { get; set; } = null!;

    /// <summary>Every connection that the settings describe.</summary>
    public IReadOnlyList<VendorConnection> Connections { get; set; } = [];

    /// <summary>Each vendor's schedule, by the vendor's name.</summary>
    public IReadOnlyDictionary<string, RefreshSchedule> Schedules { get; set; } = new Dictionary<string, RefreshSchedule>();

    /// <summary>What is wrong with the settings: full key, and what would be right.</summary>
    internal IReadOnlyList<string> Findings { get; set; } = [];
}
