using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BackupFunctions.Json;

namespace BackupFunctions.Settings;

/// <summary>
/// A connection as one secret defines it, with its own credential inside (docs/connections-in-the-vault.md). Nothing of
/// the secret's text goes into a finding: it may be a credential in the wrong place.
/// </summary>
internal sealed class ConnectionDocument
{
    /// <summary>The content type of a secret that defines a connection.</summary>
    public const string ContentType = "application/vnd.backupfunctions.connection+json";

    /// <summary>Key Vault takes no larger one.</summary>
    private const int LargestText = 25 * 1024;

    /// <summary>The object, and the two in it.</summary>
    private const int Depth = 2;

    private const string Example =
        """{"vendor":"acronis","connection":"contoso","settings":{…},"credential":{"clientSecret":"…"}}""";

    private const string Remedy = $"Give {Example}.";

    /// <summary>The key of every finding here; the caller knows the secret's name.</summary>
    private const string Secret = "The secret";

    private static readonly string[] Members = ["vendor", "connection", "settings", "credential"];

    private ConnectionDocument(
        string vendor,
        string connection,
        Dictionary<string, string> settings,
        Dictionary<string, string> credential
    )
    {
        (Vendor, Connection, Settings, Credential) = (vendor, connection, settings, credential);
        Definition = DigestOf(vendor, connection, settings);
    }

    /// <summary>The vendor's name in routes, in lower case.</summary>
    public string Vendor { get; }

    /// <summary>The connection's name, in lower case.</summary>
    public string Connection { get; }

    /// <summary>What would stand in settings, by name without case.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The parts of the credential.</summary>
    public IReadOnlyDictionary<string, string> Credential { get; }

    /// <summary>A digest of all but the credential: whether two documents describe the same connection.</summary>
    public string Definition { get; }

    /// <summary>Reads a document.</summary>
    /// <param name="text">The secret's value.</param>
    /// <param name="findings">Receives what is wrong.</param>
    /// <returns>Null if anything is wrong.</returns>
    public static ConnectionDocument? Parse(string text, ICollection<SettingFinding> findings)
    {
        if (Encoding.UTF8.GetByteCount(text) > LargestText)
        {
            findings.Add(Secret, "is longer than 25 KB.");
            return null;
        }

        try
        {
            using var json = LenientJson.Strict(
                text,
                new JsonDocumentOptions { MaxDepth = Depth, AllowDuplicateProperties = false }
            );
            return Read(json.RootElement, findings);
        }
        catch (JsonException exception)
        {
            // The exception's own words may quote the text.
            findings.Add(
                Secret,
                $"is not JSON that defines a connection (line {(exception.LineNumber ?? 0) + 1}, "
                    + $"byte {(exception.BytePositionInLine ?? 0) + 1}).",
                Remedy
            );
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            findings.Add(Secret, "contains text that is not Unicode.", Remedy);
            return null;
        }
    }

    private static ConnectionDocument? Read(JsonElement root, ICollection<SettingFinding> findings)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            findings.Add(Secret, "is not a JSON object.", Remedy);
            return null;
        }

        var before = findings.Count;
        if (root.EnumerateObject().Any(member => !Members.Contains(member.Name, StringComparer.Ordinal)))
        {
            findings.Add(Secret, "has an unknown member.", $"Its members are {string.Join(", ", Members)}.");
        }

        var (vendor, connection) = (Name(root, "vendor", findings), Name(root, "connection", findings));
        var settings = Texts(root, "settings", StringComparer.OrdinalIgnoreCase, findings);
        var credential = Texts(root, "credential", StringComparer.Ordinal, findings);
        return findings.Count == before ? new ConnectionDocument(vendor, connection, settings, credential) : null;
    }

    private static string Name(JsonElement root, string member, ICollection<SettingFinding> findings)
    {
        if (
            root.TryGetProperty(member, out var value)
            && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text
        )
        {
            return text.ToLowerInvariant();
        }

        findings.Add(Secret, $"has no {member}.", Remedy);
        return "";
    }

    private static Dictionary<string, string> Texts(
        JsonElement root,
        string member,
        StringComparer comparer,
        ICollection<SettingFinding> findings
    )
    {
        var texts = new Dictionary<string, string>(comparer);
        if (!root.TryGetProperty(member, out var values) || values.ValueKind != JsonValueKind.Object)
        {
            findings.Add(Secret, $"has no object named {member}.", Remedy);
            return texts;
        }

        foreach (var value in values.EnumerateObject())
        {
            if (Text(value.Value, isNumberToo: member == "settings") is not { } text)
            {
                findings.Add(
                    Secret,
                    member == "settings"
                        ? "has a value in settings that is neither text nor a number."
                        : $"has a value in {member} that is not text."
                );
            }
            else if (!texts.TryAdd(value.Name, text))
            {
                findings.Add(Secret, $"has a name twice in {member}.");
            }
        }

        return texts;
    }

    private static string? Text(JsonElement value, bool isNumberToo) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number when isNumberToo => value.GetRawText(),
            _ => null,
        };

    private static string DigestOf(string vendor, string connection, Dictionary<string, string> settings)
    {
        // Each part with its length before it: no two documents that differ read alike.
        var text = new StringBuilder().Append(vendor).Append('/').Append(connection);
        foreach (var (name, value) in settings.OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase))
        {
            text.Append('\n')
                .Append(name.Length)
                .Append(' ')
                .Append(name.ToLowerInvariant())
                .Append(value.Length)
                .Append(' ')
                .Append(value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
