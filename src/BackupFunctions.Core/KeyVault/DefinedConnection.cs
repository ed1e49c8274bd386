using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Connections;
using BackupFunctions.Settings;

namespace BackupFunctions.KeyVault;

/// <summary>What one secret of the vault defines, as it was last read. Its credential is not kept.</summary>
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

        // An unchanged connection stays the same object: its tokens in memory, its back-off and its gate go with that.
        Target = read is not null && before?._definition == read.Value.Definition ? before.Target : read?.Target;
    }

    public string SecretName { get; }

    /// <summary>Null if the secret defines no usable connection.</summary>
    public Connection? Target { get; }

    /// <summary>What keeps it from being used although nothing is wrong with it by itself.</summary>
    public SettingFinding? Clash { get; set; }

    /// <summary>Reads a secret.</summary>
    /// <param name="reader">The rules.</param>
    /// <param name="secret">The secret's newest version.</param>
    /// <param name="before">What it was before; null if it is new.</param>
    /// <param name="mayChangeUnseen">Whether it could change once more without a later date of change.</param>
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

    /// <summary>A secret that may not be read. Rights change without a trace in the list: it is tried again each time.</summary>
    public static DefinedConnection Unreadable(string name, DefinedConnection? before) =>
        new(
            name,
            updatedOn: null,
            version: null,
            read: null,
            [new SettingFinding($"The secret {name}", "defines a connection, but may not be read.")],
            before,
            mayChangeUnseen: true
        );

    /// <summary>Why it defines no usable connection; null if it defines one.</summary>
    public UnreadableSecret? WhyNot
    {
        get
        {
            if (Target is not null)
            {
                return Clash is null ? null : new UnreadableSecret(SecretName, Clash.Sentence, Clash.Remedy);
            }

            // The first problem stands for all; what else is wrong follows its remedy.
            var rest = string.Join(
                ' ',
                _findings.Skip(1).Select(finding => finding.ToString()).Prepend(_findings[0].Remedy)
            );
            return new UnreadableSecret(SecretName, _findings[0].Sentence, rest.Length == 0 ? null : rest.Trim());
        }
    }

    /// <summary>Whether this is still what the list shows.</summary>
    public bool IsOf(SecretProperties listed) =>
        !_mayChangeUnseen && _updatedOn is not null && listed.UpdatedOn == _updatedOn;

    /// <summary>The findings that nobody was told of.</summary>
    public IReadOnlyList<SettingFinding> TakeUnreported() =>
        [.. _findings.Concat(Clash is null ? [] : [Clash]).Where(_reported.Add)];
}
