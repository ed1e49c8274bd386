using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.Settings;

/// <summary>
/// Reads the settings of one connection and collects what is wrong with them: each finding names the full key and says
/// what would be right. A setting that is unknown is a finding too.
/// </summary>
internal sealed partial class ConnectionSettings
{
    private readonly ConnectionValues _values;
    private readonly VendorProfile _vendor;
    private readonly ICollection<SettingFinding> _findings;
    private readonly int _findingsBefore;
    private readonly SortedSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _wrong = new(StringComparer.OrdinalIgnoreCase);
    private readonly CredentialParts? _parts;

    /// <summary>Begins to read a connection.</summary>
    /// <param name="values">Its settings.</param>
    /// <param name="vendor">The vendor it is at.</param>
    /// <param name="findings">Receives what is wrong, in whole sentences.</param>
    public ConnectionSettings(ConnectionValues values, VendorProfile vendor, ICollection<SettingFinding> findings)
    {
        _values = values;
        _vendor = vendor;
        _findings = findings;
        _findingsBefore = findings.Count;
        _parts = values.Secret is { } secret ? new CredentialParts(secret, findings) : null;
        Key = new ConnectionKey(vendor.Name, values.Connection.ToLowerInvariant());
        RefreshBefore = Seconds(nameof(RefreshBefore));
        TokenSecretName = SecretName(nameof(TokenSecretName), "access-token");
    }

    /// <summary>Which connection is read.</summary>
    public ConnectionKey Key { get; }

    /// <summary>
    /// How early to renew, set in whole seconds; null for the rule of <see cref="AccessToken.RefreshAt"/>.
    /// </summary>
    public TimeSpan? RefreshBefore { get; }

    /// <summary>The secret of the token vault that holds the access token.</summary>
    public string TokenSecretName { get; }

    /// <summary>Whether anything was found wrong up to now; a setting that is unknown is not wrong.</summary>
    public bool IsWrong => _findings.Skip(_findingsBefore).Any(finding => !finding.IsUnknown);

    /// <summary>Whether the connection names a client secret, or has one in the secret that defines it.</summary>
    public bool HasClientSecret =>
        _values.Secret is { } secret
            ? secret.Document.Credential.ContainsKey("clientSecret")
            : !string.IsNullOrWhiteSpace(_values["ClientSecretName"]);

    /// <summary>The name of a secret or certificate in the vault.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="suffix">
    /// By default <c>{vendor}-{connection}-{suffix}</c>; without the last part if it is empty.
    /// </param>
    public string SecretName(string name, string suffix)
    {
        var byDefault =
            suffix.Length == 0 ? $"{Key.Vendor}-{Key.Connection}" : $"{Key.Vendor}-{Key.Connection}-{suffix}";
        if (_values.Secret is not null)
        {
            if (_values[name] is not null)
            {
                _known.Add(name);
                Find(
                    name,
                    "names a secret, which a connection in the vault cannot do: "
                        + "its credential is inside it, and its tokens have the usual names.",
                    "Leave it out."
                );
            }

            return byDefault;
        }

        var value = Text(name) ?? byDefault;
        if (!IsSecretName(value))
        {
            // The value is not shown: a secret pasted in place of its name must not reach a log.
            Find(
                name,
                "is not a valid Key Vault name.",
                $"Give the name of the secret, not the secret: "
                    + $"1 to 127 letters, digits and hyphens, for example {byDefault}."
            );
        }

        return value;
    }

    /// <summary>
    /// A credential: a secret or certificate that a setting names, or a part of the secret that defines the connection.
    /// </summary>
    /// <param name="name">The setting, for example <c>ClientSecretName</c>.</param>
    /// <param name="suffix">
    /// By default the secret is <c>{vendor}-{connection}-{suffix}</c>; in a secret that defines the connection the part
    /// is named after it, for example <c>clientSecret</c> after <c>client-secret</c>.
    /// </param>
    /// <param name="isOptional">Whether a sign-in can do without it, unless a setting names it.</param>
    public CredentialName Credential(string name, string suffix, bool isOptional = false)
    {
        var secretName = SecretName(name, suffix);
        return _parts?.Read(CredentialParts.NameAfter(suffix), isOptional: isOptional)
            ?? new CredentialName(secretName, IsOptional: isOptional && Text(name) is null);
    }

    /// <summary>
    /// The same for a certificate, in the vault <c>{vendor}-{connection}</c> by default, in a defining secret the part
    /// <c>certificate</c>.
    /// </summary>
    /// <param name="name">The setting, for example <c>CertificateName</c>.</param>
    public CredentialName Certificate(string name)
    {
        var secretName = SecretName(name, "");
        return _parts?.Read("certificate", isCertificate: true) ?? new CredentialName(secretName, IsCertificate: true);
    }

    /// <summary>Adds what is wrong with a setting; what is found first says it.</summary>
    private void Find(string name, string problem, string remedy)
    {
        if (_wrong.Add(name))
        {
            _findings.Add(_values.Label(name), problem, remedy);
        }
    }

    /// <summary>Reports every setting that is unknown.</summary>
    public void FindUnknown()
    {
        var unknown = _values.Names.Where(name => !_known.Contains(name)).ToList();
        if (_values.Secret is not { } secret)
        {
            unknown.ForEach(name =>
                _findings.AddUnknown(
                    _values.Label(name),
                    $"is not a setting of {_vendor.SettingsName}.",
                    $"Its settings are {string.Join(", ", _known)}."
                )
            );
            return;
        }

        if (unknown.Count > 0)
        {
            // Not named: it may be a credential in the wrong place.
            var settings = _known.Where(name => !name.EndsWith("Name", StringComparison.Ordinal));
            _findings.Add(
                $"The secret {secret.Name}: settings",
                $"has a member that is not a setting of {_vendor.SettingsName}.",
                $"Its settings are {string.Join(", ", settings)}."
            );
        }

        _parts!.FindUnknown(_vendor);
    }

    /// <summary>Key Vault's rule for the name of a secret.</summary>
    internal static bool IsSecretName(string text) =>
        text.Length is >= 1 and <= 127
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');
}
