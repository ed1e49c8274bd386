using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Connections;
using BackupFunctions.Settings;

namespace BackupFunctions.KeyVault;

/// <summary>What one of the vault's secrets defines, as last read. Its credential is not kept.</summary>
internal sealed class DefinedConnection
{
    private readonly DateTimeOffset? _updatedOn;
    private readonly string? _version;
    private readonly string? _definition;
    private readonly IReadOnlyList<SettingFinding> _findings;
    private readonly HashSet<SettingFinding> _reported;
    private readonly bool _mayChangeUnseen;

    private DefinedConnection(
        string secretName,
        DateTimeOffset? updatedOn,
        string? version,
        (Connection Target, string Definition)? read,
        IReadOnlyList<SettingFinding> findings,
        DefinedConnection? before,
        bool mayChangeUnseen
    )
    {
        SecretName = secretName;
        _updatedOn = updatedOn;
        _version = version;
        _definition = read?.Definition;
        _findings = findings;
        _mayChangeUnseen = mayChangeUnseen;
        _reported = before?._version == version ? before?._reported ?? [] : [];

        // An unchanged connection stays the same object: its tokens in memory, its back-off and its gate belong to
        // that.
        Target = read is not null && before?._definition == read.Value.Definition ? before.Target : read?.Target;
    }

    public string SecretName { get; }

    /// <summary>Null if the secret defines no usable connection.</summary>
    public Connection? Target { get; }

    /// <summary>Which other connection keeps this valid one from being used; null if none does.</summary>
    public SettingFinding? Clash { get; set; }

    /// <summary>Reads the newest version of a secret.</summary>
    /// <param name="reader">Reads the connection.</param>
    /// <param name="secret">The secret's newest version.</param>
    /// <param name="before">What it was before; null if it is new.</param>
    /// <param name="mayChangeUnseen">
    /// Whether it could change again within the same second, which the list would not show.
    /// </param>
    public static DefinedConnection Read(
        VaultConnectionReader reader,
        KeyVaultSecret secret,
        DefinedConnection? before,
        bool mayChangeUnseen
    )
    {
        var findings = new List<SettingFinding>();
        var read = reader.Read(secret.Name, secret.Value ?? "", findings);
        return new DefinedConnection(
            secret.Name,
            secret.Properties.UpdatedOn,
            secret.Properties.Version,
            read,
            findings,
            before,
            mayChangeUnseen
        );
    }

    /// <summary>
    /// A secret that this app may not read. Permissions change without a trace in the list, so each reading retries.
    /// </summary>
    public static DefinedConnection Unreadable(string name, DefinedConnection? before) =>
        Without(
            name,
            version: null,
            new SettingFinding($"The secret {name}", "defines a connection, but this app may not read it."),
            before
        );

    /// <summary>
    /// A secret that this program failed to read; each reading retries, and reports it once per version.
    /// </summary>
    public static DefinedConnection Broken(KeyVaultSecret secret, DefinedConnection? before) =>
        Without(
            secret.Name,
            secret.Properties.Version,
            new SettingFinding(
                $"The secret {secret.Name}",
                "could not be read: this program failed unexpectedly.",
                "The log has the exception."
            ),
            before
        );

    private static DefinedConnection Without(
        string name,
        string? version,
        SettingFinding finding,
        DefinedConnection? before
    ) => new(name, updatedOn: null, version, read: null, [finding], before, mayChangeUnseen: true);

    /// <summary>Why it defines no usable connection; null if it defines one.</summary>
    public UnreadableSecret? WhyNot
    {
        get
        {
            if (Target is not null)
            {
                return Clash is null ? null : new UnreadableSecret(SecretName, Clash.Sentence, Clash.Remedy);
            }

            var (problem, remedy) = SettingFindings.InWords(_findings);
            return new UnreadableSecret(SecretName, problem, remedy);
        }
    }

    /// <summary>Whether the secret is unchanged according to the list.</summary>
    public bool IsOf(SecretProperties listed) =>
        !_mayChangeUnseen && _updatedOn is not null && listed.UpdatedOn == _updatedOn;

    /// <summary>The findings not reported yet for this version; they count as reported from now on.</summary>
    public IReadOnlyList<SettingFinding> TakeUnreported() =>
        [.. _findings.Concat(Clash is null ? [] : [Clash]).Where(_reported.Add)];

    /// <summary>
    /// Those without a clash. Of two secrets that define the same connection, the one whose name sorts first wins.
    /// </summary>
    public static List<Connection> Usable(IEnumerable<DefinedConnection> all, ReservedSecretNames taken)
    {
        var holders = new Dictionary<ConnectionKey, string>();
        var usable = new List<Connection>();
        foreach (var defined in all.OrderBy(defined => defined.SecretName, StringComparer.OrdinalIgnoreCase))
        {
            if (defined.Target is not { } target)
            {
                continue;
            }

            var key = target.Key;
            defined.Clash = taken.ClashOf(defined.SecretName, target)
                ?? (
                    holders.TryAdd(key, defined.SecretName)
                        ? null
                        : new SettingFinding(
                            $"The secret {defined.SecretName}",
                            $"defines {key}, which the secret {holders[key]} already defines.",
                            "Remove one of the two."
                        )
                );
            if (defined.Clash is null)
            {
                usable.Add(target);
            }
        }

        return usable;
    }
}
