using BackupFunctions.Credentials;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>
/// Where the values of one connection stand: in the app's settings, or in a secret that defines the connection.
/// </summary>
internal abstract class ConnectionValues
{
    /// <summary>The connection's name, as it was written.</summary>
    public abstract string Connection { get; }

    /// <summary>The names that have a value.</summary>
    public abstract IEnumerable<string> Names { get; }

    /// <summary>The secret that defines the connection; null where settings do.</summary>
    public virtual DefiningSecret? Secret => null;

    public abstract string? this[string name] { get; }

    /// <summary>What a finding calls a value.</summary>
    public abstract string Label(string name);

    /// <summary><c>Connections:{Vendor}:{connection}</c>.</summary>
    public sealed class OfSettings(IConfigurationSection section) : ConnectionValues
    {
        public override string Connection => section.Key;

        public override IEnumerable<string> Names => section.GetChildren().Select(child => child.Key);

        public override string? this[string name] => section[name];

        public override string Label(string name) => $"{section.Path}:{name}";
    }

    /// <summary>The <c>settings</c> of a <see cref="ConnectionDocument"/>.</summary>
    public sealed class OfSecret(DefiningSecret secret) : ConnectionValues
    {
        public override string Connection => secret.Document.Connection;

        public override IEnumerable<string> Names => secret.Document.Settings.Keys;

        public override DefiningSecret? Secret => secret;

        public override string? this[string name] => secret.Document.Settings.GetValueOrDefault(name);

        public override string Label(string name) => $"The secret {secret.Name}: settings.{name}";
    }
}

/// <summary>A secret that defines a connection.</summary>
/// <param name="Name">Its name in the vault.</param>
/// <param name="Document">What it holds.</param>
internal sealed record DefiningSecret(string Name, ConnectionDocument Document)
{
    /// <summary>Names a part of the credential in it.</summary>
    public CredentialName Credential(string member, bool isCertificate, bool isOptional) =>
        new(Name, isCertificate, isOptional) { Member = member, Definition = Document.Definition };

    /// <summary>The document holds a credential.</summary>
    public override string ToString() => $"{Name} [redacted]";
}
