using BackupFunctions.Connections;
using BackupFunctions.Sweeps;

namespace BackupFunctions.Settings;

/// <summary>The settings of design.md, read and validated.</summary>
public sealed class BackupFunctionsOptions
{
    /// <summary>The vault with credentials and refresh tokens (<c>KeyVault:VaultUri</c>).</summary>
    public Uri VaultUri { get; set; } = null!;

    /// <summary>The vault for access tokens (<c>KeyVault:TokenVaultUri</c>); the same one where it is not set.</summary>
    public Uri TokenVaultUri { get; set; } = null!;

    /// <summary>Whether the host brings the vault with it and takes its secrets from settings. No setting: the host knows.</summary>
    public bool EmbedsVault { get; set; }

    /// <summary>How many secrets are written to one vault in ten seconds (<c>KeyVault:WritesPerTenSeconds</c>); null for any number.</summary>
    public int? WritesPerTenSeconds { get; set; } = 250;

    /// <summary>Whether secrets of the credential vault may define connections (<c>KeyVault:ConnectionsInVault</c>).</summary>
    public bool ReadsConnectionsInVault { get; set; } = true;

    /// <summary>Every connection that the settings describe.</summary>
    public IReadOnlyList<Connection> Connections { get; set; } = [];

    /// <summary>Each vendor's schedule, by the vendor's name.</summary>
    public IReadOnlyDictionary<string, RefreshSchedule> Schedules { get; set; } =
        new Dictionary<string, RefreshSchedule>();

    /// <summary>How many connections a sweep renews at once, by the vendor's name, where a setting says so.</summary>
    public IReadOnlyDictionary<string, int> Concurrency { get; set; } = new Dictionary<string, int>();

    /// <summary>What is wrong with the settings: full key, and what would be right.</summary>
    internal IReadOnlyList<SettingFinding> Findings { get; set; } = [];
}
