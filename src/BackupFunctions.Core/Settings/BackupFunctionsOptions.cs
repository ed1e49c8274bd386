using BackupFunctions.Connections;
using BackupFunctions.Settings.Access;
using BackupFunctions.Settings.Alerting;
using BackupFunctions.Sweeps;

namespace BackupFunctions.Settings;

/// <summary>The settings, read and validated.</summary>
public sealed class BackupFunctionsOptions
{
    /// <summary>The vault with credentials and refresh tokens (<c>KeyVault:VaultUri</c>).</summary>
    public Uri VaultUri { get; set; } = null!;

    /// <summary>The vault for access tokens (<c>KeyVault:TokenVaultUri</c>); the same vault if it is not set.</summary>
    public Uri TokenVaultUri { get; set; } = null!;

    /// <summary>
    /// Whether the host contains the vault and takes its secrets from settings. Not a setting: the host sets it.
    /// </summary>
    public bool EmbedsVault { get; set; }

    /// <summary>
    /// How many secrets are written to one vault in ten seconds (<c>KeyVault:WritesPerTenSeconds</c>); null for no
    /// limit.
    /// </summary>
    public int? WritesPerTenSeconds { get; set; } = 250;

    /// <summary>
    /// Whether secrets of the credential vault may define connections (<c>KeyVault:ConnectionsInVault</c>).
    /// </summary>
    public bool ReadsConnectionsInVault { get; set; } = true;

    /// <summary>Every connection that the settings describe, except those that are misconfigured.</summary>
    public IReadOnlyList<Connection> Connections { get; set; } = [];

    /// <summary>Every connection whose settings are wrong; none of them stops the start.</summary>
    public IReadOnlyList<MisconfiguredConnection> Misconfigured { get; set; } = [];

    /// <summary>Each vendor's schedule, by the vendor's name.</summary>
    public IReadOnlyDictionary<string, RefreshSchedule> Schedules { get; set; } =
        new Dictionary<string, RefreshSchedule>();

    /// <summary>The settings of schedules that are not set, so that the default applies.</summary>
    public IReadOnlyList<string> DefaultSchedules { get; set; } = [];

    /// <summary>How many connections a sweep renews at once, by the vendor's name, if a setting says so.</summary>
    public IReadOnlyDictionary<string, int> Concurrency { get; set; } = new Dictionary<string, int>();

    /// <summary>What may be called at connections that limit it (<c>Calls:…</c>).</summary>
    public IReadOnlyDictionary<ConnectionKey, CallRules> Calls { get; set; } =
        new Dictionary<ConnectionKey, CallRules>();

    /// <summary>
    /// How callers are admitted (<c>Access:…</c>); the strictest if a setting is unreadable.
    /// </summary>
    public AccessOptions Access { get; set; } = new(Admission.KeysAndAppRoles);

    /// <summary>
    /// Where storage is (<c>AzureWebJobsStorage</c>); null if it is not configured, or not correctly.
    /// </summary>
    internal StorageOptions? Storage { get; set; }

    /// <summary>Whether the settings of storage are wrong.</summary>
    internal bool IsStorageWrong { get; set; }

    /// <summary>Where alerts go (<c>Alerts:…</c>); null if nowhere.</summary>
    internal AlertOptions? Alerts { get; set; }

    /// <summary>
    /// What is wrong with the settings that the host itself needs: the full key, and what would be right. It stops the
    /// start.
    /// </summary>
    internal IReadOnlyList<SettingFinding> Findings { get; set; } = [];

    /// <summary>
    /// The settings that this version does not know. They stop only LocalHost's start: a deployed app must start next
    /// to the settings of a newer version.
    /// </summary>
    internal IReadOnlyList<SettingFinding> Unknown { get; set; } = [];
}
